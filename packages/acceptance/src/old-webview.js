// Runs in the panel's frame before any script: what engines older than Chromium 78 and Safari 13.2 do not have is taken away.

// oxlint-disable-next-line no-unused-vars -- called by the line that old-webview.test.ts puts behind this file
function forgetNewerMethods() {
  if (!location.pathname.startsWith('/sidebar')) return
  const newer = [
    [Array.prototype, ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']],
    [Array, ['fromAsync']],
    [Object, ['hasOwn', 'groupBy']],
    [Map, ['groupBy']],
    [Map.prototype, ['getOrInsert', 'getOrInsertComputed']],
    [String.prototype, ['replaceAll', 'at', 'isWellFormed', 'toWellFormed']],
    [Promise, ['any', 'withResolvers', 'try']],
    [Set.prototype, ['union', 'intersection', 'difference', 'isSubsetOf']],
    [Element.prototype, ['replaceChildren', 'checkVisibility', 'setHTML', 'ariaNotify']],
    [AbortSignal, ['timeout', 'any', 'abort']],
    [AbortSignal.prototype, ['throwIfAborted']],
    [Crypto.prototype, ['randomUUID']],
    [URL, ['parse', 'canParse']],
    [MediaQueryList.prototype, ['addEventListener', 'removeEventListener']],
    [Response, ['json']],
    [Intl, ['ListFormat', 'DisplayNames', 'Segmenter', 'DurationFormat', 'supportedValuesOf']],
    [
      window,
      [
        'structuredClone',
        'WeakRef',
        'FinalizationRegistry',
        'AggregateError',
        'reportError',
        'requestIdleCallback',
        'scheduler',
        'Iterator',
      ],
    ],
    [Document.prototype, ['startViewTransition']],
    [HTMLElement.prototype, ['showPopover', 'hidePopover', 'togglePopover']],
    [Navigator.prototype, ['userAgentData']],
  ]
  for (const [owner, names] of newer) for (const name of names) delete owner[name]
}
