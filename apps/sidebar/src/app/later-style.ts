import href from './later.css?url'

let loading: Promise<void> | undefined

/** Fetches the looks of everything beyond the first view, once. Never rejects: plain looks are better than no sheet. */
export function loadLaterStyle(): Promise<void> {
  loading ??= new Promise((resolve) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = href
    link.addEventListener('load', () => resolve())
    link.addEventListener('error', () => {
      loading = undefined
      link.remove()
      resolve()
    })
    document.head.append(link)
  })
  return loading
}
