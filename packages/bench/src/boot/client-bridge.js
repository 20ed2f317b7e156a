// Runs in the page before any script, as a client would put it in. It may use nothing from outside itself.

/** A bridge that answers with the given customer, and a watch for the first frame in which her name stands on the page. */
// oxlint-disable-next-line no-unused-vars -- called by the line that measure.ts puts behind this file
function installBridge({ userId, name }) {
  const answers = {
    agentConfig: { err_msg: 'agentConfig:ok', checkResult: {} },
    preVerifyJSAPI: { err_msg: 'preVerifyJSAPI:ok', checkResult: {} },
    getContext: { err_msg: 'getContext:ok', entry: 'single_chat_tools' },
    getCurExternalContact: { err_msg: 'getCurExternalContact:ok', userId },
  }
  window.WeixinJSBridge = {
    // A native bridge answers after a few milliseconds, never in the same turn.
    invoke: (api, _params, answer) =>
      setTimeout(() => answer({ ...(answers[api] ?? { err_msg: `${api}:function not exist` }) }), 5),
    on: () => undefined,
  }

  const seen = { contentMs: 0, panelMs: 0, fcpMs: 0 }
  window.bootTimes = seen
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName('first-contentful-paint')) seen.fcpMs = entry.startTime
  }).observe({ type: 'paint', buffered: true })
  const noteOnce = (figure, isThere) => {
    const observer = new MutationObserver(() => {
      if (!isThere()) return
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => (seen[figure] = performance.now())))
    })
    observer.observe(document, { childList: true, subtree: true, characterData: true })
  }
  noteOnce('contentMs', () => document.querySelector('#app')?.textContent.includes(name))
  // The whole panel, ready to be used.
  noteOnce('panelMs', () => document.querySelector('#app [role=tablist]'))
}
