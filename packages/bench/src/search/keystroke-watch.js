// Runs in the page before any script: how long the panel works on each keystroke, until its list stands there.

// oxlint-disable-next-line no-unused-vars -- called by the line that search-bench.ts puts behind this file
function watchKeystrokes() {
  const strokes = []
  window.keystrokes = strokes
  const listText = () => document.querySelector('[role="listbox"]')?.textContent ?? ''
  document.addEventListener(
    'input',
    () => {
      const begun = performance.now()
      const channel = new MessageChannel()
      // A task of its own comes after the handlers and after all that they have put off to microtasks.
      channel.port1.onmessage = () => {
        const stroke = { ms: performance.now() - begun, list: listText() }
        strokes.push(stroke)
        setTimeout(() => (stroke.settled = stroke.list === listText()), 60)
      }
      channel.port2.postMessage(null)
    },
    true,
  )
}
