// Runs in the page before any script: how long each interaction takes to its next paint, and what moved by itself.

// oxlint-disable-next-line no-unused-vars -- called by the line that interactions.ts puts behind this file
function watchInteractions() {
  const seen = { durations: {}, cls: 0 }
  window.interactions = seen
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) seen.durations[interactionId] = Math.max(seen.durations[interactionId] ?? 0, duration)
  }).observe({ type: 'event', durationThreshold: 16, buffered: true })
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) seen.cls += value
  }).observe({ type: 'layout-shift', buffered: true })
}
