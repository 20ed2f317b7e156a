/** Which pages of this frame have proven themselves, and for which calls. Lives as long as one loaded document. */
export interface ConfigState {
  /** Remembers a successful config; only the latest of each kind counts. */
  keep(kind: 'corp' | 'app', url: string, apis: readonly string[]): void
  /** `none`: no config for this page or the call is not listed. */
  identityFor(url: string, api: string): 'app' | 'corp' | 'none'
}

export function createConfigState(): ConfigState {
  const kept = new Map<'corp' | 'app', { url: string; apis: ReadonlySet<string> }>()
  const covers = (kind: 'corp' | 'app', url: string, api: string) => {
    const config = kept.get(kind)
    return config !== undefined && config.url === url && config.apis.has(api)
  }

  return {
    keep: (kind, url, apis) => void kept.set(kind, { url, apis: new Set(apis) }),
    identityFor: (url, api) => (covers('app', url, api) ? 'app' : covers('corp', url, api) ? 'corp' : 'none'),
  }
}
