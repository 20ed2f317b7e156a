import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { endpoints, type EndpointName } from '../endpoints.ts'
import { fixtureNames, readJson } from '../test-support/fixtures.ts'
import * as wire from './index.ts'

const fileStem = (path: string) => path.replaceAll('/', '_')

const answersOf = (path: string) =>
  fixtureNames(/\.response\.json$/).filter((file) => file.startsWith(`${fileStem(path)}.`) && !file.includes('.error-'))

describe('every answer we have a sample of passes its schema', () => {
  const rows = (Object.keys(endpoints) as EndpointName[]).flatMap((name) =>
    answersOf(endpoints[name].path).map((file) => [file, name] as const),
  )

  test('all endpoints but these have a sample of their own', () => {
    const missing = (Object.keys(endpoints) as EndpointName[]).filter(
      (name) => answersOf(endpoints[name].path).length === 0,
    )

    // Four answer common.ok; agent/get is not among the fixtures.
    expect(missing.toSorted()).toEqual([
      'agent.get',
      'externalContact.delCorpTag',
      'externalContact.editCorpTag',
      'externalContact.markTag',
      'externalContact.remark',
    ])
  })

  test.each(rows)('%s (%s)', (file, name) => {
    expect(Compile(endpoints[name].answer).Errors(readJson(file))).toEqual([])
  })

  test('common.ok.response.json (nothing but the status)', () => {
    expect(Compile(wire.OkAnswer).Check(readJson('common.ok.response.json'))).toBe(true)
  })
})

test.each(fixtureNames(/\.error-.*\.response\.json$/))('%s is a refusal', (file) => {
  const answer = readJson(file)

  expect(Compile(wire.ErrorAnswer).Check(answer)).toBe(true)
  expect(answer.errcode).not.toBe(0)
})

test.each([
  ['externalcontact_batch_get_by_user.request.json', wire.BatchGetByUserRequest],
  ['externalcontact_remark.request.json', wire.RemarkRequest],
  ['externalcontact_add_corp_tag.request.json', wire.AddCorpTagRequest],
  ['externalcontact_edit_corp_tag.request.json', wire.EditCorpTagRequest],
  ['externalcontact_del_corp_tag.request.json', wire.DelCorpTagRequest],
  ['externalcontact_mark_tag.request.json', wire.MarkTagRequest],
  ['message_send.text.request.json', wire.MessageSendRequest],
  ['message_send.textcard.request.json', wire.MessageSendRequest],
  ['message_send.miniprogram_notice.request.json', wire.MessageSendRequest],
  ['message_send.template_card.text_notice.request.json', wire.MessageSendRequest],
])('%s passes its schema', (file, schema) => {
  expect(Compile(schema).Errors(readJson(file))).toEqual([])
})

test('paths are written once', () => {
  const paths = Object.values(endpoints).map(({ path }) => path)

  expect(new Set(paths).size).toBe(paths.length)
})
