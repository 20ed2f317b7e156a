// Runs in the page before any script: how long the panel works on each keystroke, until its list stands there.

// oxlint-disable-next-line no-unused-vars -- called by the line that search-bench.ts puts behind this file
function watchKeystrokes() {
  const strokes = []
  window.keystrokes = strokes
  const listText = () => document.querySelector('[role="listbox"]')?.textContent ?? ''
  let begun = 0
  window.addEventListener(
    'input',
    () => {
      const last = strokes[strokes.length - 1]
      // What the list says when the next key comes is what the key before has left, late or not.
      if (last) last.settled = last.list === listText()
      begun = performance.now()
    },
    true,
  )
  // The browser empties its microtasks between two listeners: here, the last one, everything that handlers did not put
  // off has been done. What they did put off shows as a list that changes afterwards.
  window.addEventListener('input', () => {
    const ms = performance.now() - begun
    const laid = document.body.offsetHeight
    strokes.push({ ms, laidOutMs: performance.now() - begun, height: laid, list: listText(), settled: true })
  })
}
