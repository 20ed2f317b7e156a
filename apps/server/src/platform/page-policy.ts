import { createHash } from 'node:crypto'

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The inline blocks of a built page, as the browser hashes them: the exact text between the tags. */
function inlineBlocks(html: string, tag: 'script' | 'style'): string[] {
  const pattern = tag === 'script' ? /<script\b([^>]*)>([\s\S]*?)<\/script>/gi : /<style\b([^>]*)>([\s\S]*?)<\/style>/gi
  return [...html.matchAll(pattern)]
    .filter(([, attributes = '']) => !/\ssrc\s*=|type\s*=\s*["']?application\/json/i.test(attributes))
    .map(([, , text = '']) => text)
}

/** Where WeChat keeps avatars and pictures. */
const wechatHosts = ['*.qlogo.cn', '*.qpic.cn']

/**
 * The policy of one page of ours: scripts and styles from our own files, plus exactly the inline blocks it was built
 * with. Pictures come from WeChat's avatar hosts, which change, so any https host may give them, unless the corp has
 * listed its hosts.
 * @param imageOrigins further origins of pictures, e.g. an emulator's
 * @param imageHosts the only https hosts of pictures beside WeChat's; none listed: any
 */
export function pagePolicy(html: string, imageOrigins: string[] = [], imageHosts: string[] = []): string {
  const hosts = imageHosts.length === 0 ? ['https:'] : [...wechatHosts, ...imageHosts].map((host) => `https://${host}`)
  const hashes = (tag: 'script' | 'style') => [...new Set(inlineBlocks(html, tag).map(sha256))]
  return [
    "default-src 'none'",
    ['script-src', "'self'", ...hashes('script')].join(' '),
    ['style-src', "'self'", ...hashes('style')].join(' '),
    ['img-src', "'self'", 'data:', 'blob:', ...hosts, ...imageOrigins].join(' '),
    "connect-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
