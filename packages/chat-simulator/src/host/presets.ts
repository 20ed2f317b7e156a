export type Platform = 'windows' | 'mac' | 'ios' | 'android'
export type PresetId = 'windows' | 'mac' | 'ios' | 'android' | 'old'
export type ColorScheme = 'light' | 'dark'

/** One kind of client: what the page reads in `navigator`, and what the client itself can do. */
export interface Preset {
  id: PresetId
  platform: Platform
  version: string
  navigatorPlatform: string
  /** `{scheme}` stands where newer clients name their colour scheme. */
  userAgent: string
}

/** User agents as seen in the field; nothing after `wxwork/` is shortened. */
export const presets: Record<PresetId, Preset> = {
  windows: {
    id: 'windows',
    platform: 'windows',
    version: '5.0.11',
    navigatorPlatform: 'Win32',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.5304.110 Safari/537.36 Language/zh ColorScheme/{scheme} wxwork/5.0.11 (MicroMessenger/6.2) WindowsWechat MailPlugin_Electron WeMail embeddisk wwmver/3.26.511.637 noMediaCs/true',
  },
  mac: {
    id: 'mac',
    platform: 'mac',
    version: '5.0.8',
    navigatorPlatform: 'MacIntel',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) wxwork/5.0.8 (MicroMessenger/6.2) WeChat/2.0.4 ColorScheme/{scheme}',
  },
  ios: {
    id: 'ios',
    platform: 'ios',
    version: '5.0.6',
    navigatorPlatform: 'iPhone',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 wxwork/5.0.6 MicroMessenger/7.0.1 Language/zh ColorScheme/{scheme} wwmver/3.26.506.378',
  },
  android: {
    id: 'android',
    platform: 'android',
    version: '5.0.6',
    navigatorPlatform: 'Linux armv8l',
    userAgent:
      'Mozilla/5.0 (Linux; Android 16; V2408A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/138.0.7204.180 Mobile Safari/537.36 XWEB/1380275 MMWEBSDK/20250202 wxwork/5.0.6 MicroMessenger/7.0.1 NetType/WIFI Language/zh Lang/zh ColorScheme/{scheme} wwmver/3.26.506.647',
  },
  old: {
    id: 'old',
    platform: 'windows',
    version: '3.0.21',
    navigatorPlatform: 'Win32',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/53.0.2785.116 Safari/537.36 wxwork/3.0.21 (MicroMessenger/6.2) WindowsWechat',
  },
}

/** The user agent a page sees in this client. */
export function toUserAgent(preset: Preset, scheme: ColorScheme): string {
  return preset.userAgent.replace('{scheme}', scheme === 'dark' ? 'Dark' : 'Light')
}

export function isPhone(preset: Preset): boolean {
  return preset.platform === 'ios' || preset.platform === 'android'
}

/** Compares dotted versions number by number: negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
