import { expect, test } from 'vitest'

import { toHostError, type HostError } from './host-error.ts'

const worded: [words: string, code: HostError['code']][] = [
  ['agentConfig:fail_invalid signature', 'BAD_SIGNATURE'],
  ['agentConfig:invalid signature', 'BAD_SIGNATURE'],
  ['preVerifyJSAPI:invalid url domain', 'UNTRUSTED_DOMAIN'],
  ['agentConfig:not match any reliable domain', 'UNTRUSTED_DOMAIN'],
  ['agentConfig:invalid corpId', 'BAD_CORP'],
  ['getCurExternalContact:fail no permission', 'NO_PERMISSION'],
  ['getCurExternalContact:nopermission', 'NO_PERMISSION'],
  ['getCurExternalContact:permission denied', 'NO_PERMISSION'],
  ['sendChatMessage:failwithout context of external contact', 'WRONG_ENTRY'],
  ['getContext:function not exist', 'UNSUPPORTED'],
  ['sendChatMessage:not support', 'UNSUPPORTED'],
  ['sendChatMessage:cancel', 'CANCELLED'],
  ['sendChatMessage:fail_cancel', 'CANCELLED'],
  ['sendChatMessage:fail invalid imgurl', 'BAD_MESSAGE'],
  ['sendChatMessage:fail, not allow to cross corp', 'BAD_MESSAGE'],
  ['sendChatMessage:fail_content empty', 'BAD_MESSAGE'],
  ['sendChatMessage:fail', 'CLIENT_FAILED'],
]

test.each(worded)('%s is %s', (errMsg, code) => {
  expect(toHostError({ errMsg, errCode: -1 }).code).toBe(code)
})

test('raw replies of both desktop platforms are read', () => {
  expect(toHostError({ err_msg: 'x:fail_fail_without context of external contact', err_code: 2 }).code).toBe(
    'WRONG_ENTRY',
  )
  expect(toHostError({ errmsg: 'sendChatMessage:fail_invalid miniprogram info' }).code).toBe('BAD_MESSAGE')
})

test('errors of the SDK and refusals of our own keep their meaning', () => {
  expect(toHostError(new Error('SDK Error: Aborted')).code).toBe('URL_CHANGED')
  expect(toHostError(new TypeError('x is undefined')).code).toBe('CLIENT_FAILED')
  expect(toHostError({ code: 'CLIENT_SILENT', message: 'getContext' })).toMatchObject({
    code: 'CLIENT_SILENT',
    message: 'getContext',
  })
  expect(toHostError(undefined).code).toBe('CLIENT_FAILED')
})
