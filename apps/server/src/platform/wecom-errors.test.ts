import { WecomError, WecomUnavailable } from '@guidebar/wecom'
import { expect, test } from 'vitest'

import { AppError } from './errors.ts'
import { toAppError } from './wecom-errors.ts'

const path = 'externalcontact/mark_tag'

test.each([
  [45009, 'WECOM_BUSY'],
  [45033, 'WECOM_BUSY'],
  [-1, 'WECOM_BUSY'],
  [40068, 'TAG_UNKNOWN'],
  [84061, 'RELATION_NOT_FOUND'],
  [48002, 'WECOM_NOT_SET_UP'],
  [60011, 'WECOM_NOT_SET_UP'],
  [60020, 'WECOM_NOT_SET_UP'],
  [40001, 'WECOM_NOT_SET_UP'],
  [301002, 'WECOM_NOT_SET_UP'],
  [40096, 'WECOM_REFUSED'],
  [999_999, 'WECOM_REFUSED'],
])('%i is called %s', (errcode, code) => {
  const error = toAppError(new WecomError({ errcode, errmsg: '顾客张三', path }))

  expect([error.code, error.errcode]).toEqual([code, errcode])
  expect(error.message).not.toContain('张三')
})

test('a limit tells how long to wait', () => {
  expect(toAppError(new WecomError({ errcode: 45_009, path, retryAfterMs: 59_001 })).retryAfterSec).toBe(60)
})

test('no usable answer is no refusal', () => {
  expect(toAppError(new WecomUnavailable({ reason: 'timeout', outcome: 'unknown', path })).code).toBe(
    'WECOM_UNAVAILABLE',
  )
})

test('errors of our own stay what they are, others are unexpected', () => {
  const own = new AppError('CONFLICT', 'taken')

  expect(toAppError(own)).toBe(own)
  expect(toAppError(new TypeError('a bug')).code).toBe('INTERNAL')
})
