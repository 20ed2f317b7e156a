import { gzipSync } from 'node:zlib'

import { describe, expect, test } from 'vitest'

import { decodeBody, withBridge, withFraming } from './frame-html.ts'

const tag = '<script src="/__sim/bridge.js"></script>'

describe('withBridge', () => {
  test.each([
    [
      '<!doctype html><html><head><title>x</title></head></html>',
      `<!doctype html><html><head>${tag}<title>x</title></head></html>`,
    ],
    ['<HEAD data-a="1"><script>1</script>', `<HEAD data-a="1">${tag}<script>1</script>`],
    [
      '<!doctype html>\n<html lang="zh">\n<title>x</title>',
      `<!doctype html>\n<html lang="zh">${tag}\n<title>x</title>`,
    ],
    ['<header>not a head</header>', `${tag}<header>not a head</header>`],
  ])('puts the bridge before everything else: %s', (html, expected) => {
    expect(withBridge(html)).toBe(expected)
  })

  test('leaves text that looks like a replacement pattern alone', () => {
    expect(withBridge('<head>$& $1</head>')).toBe(`<head>${tag}$& $1</head>`)
  })
})

describe('withFraming', () => {
  test('lets only its own origin frame the page and keeps the rest of the policy', () => {
    const headers = withFraming({
      'content-security-policy': "default-src 'self'; frame-ancestors 'none'; script-src 'sha256-abc='",
      'x-frame-options': 'DENY',
      'cache-control': 'private, max-age=600',
      vary: 'Cookie',
    })

    expect(headers).toEqual({
      'content-security-policy': "default-src 'self'; frame-ancestors 'self'; script-src 'sha256-abc='",
      'cache-control': 'private, max-age=600',
      vary: 'Cookie, Sec-Fetch-Dest',
    })
  })

  test('does not invent a policy', () => {
    expect(withFraming({})).toEqual({ vary: 'Sec-Fetch-Dest' })
  })
})

describe('decodeBody', () => {
  test('undoes codings and refuses one it does not know', async () => {
    expect((await decodeBody(gzipSync('页面'), 'gzip')).toString()).toBe('页面')
    expect((await decodeBody(Buffer.from('x'), '')).toString()).toBe('x')
    await expect(decodeBody(Buffer.from('x'), 'compress')).rejects.toThrow('compress')
  })
})
