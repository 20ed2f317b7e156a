import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallbackRejected } from './callback-rejected.ts'
import { eventTime, parseCallbackEnvelope, parseJsonEnvelope, parseEventXml } from './callback-xml.ts'
import { fixtureNames, readText } from './test-support/fixtures.ts'
import type { WecomPacket } from './wire/events.ts'

const reasonOf = (attempt: () => unknown): string => {
  try {
    attempt()
    return 'accepted'
  } catch (error) {
    if (error instanceof CallbackRejected) return error.reason
    throw error
  }
}

describe('events', () => {
  test.each(fixtureNames(/^event\..*\.xml$/))('%s is known by name', (file) => {
    const parsed = parseEventXml(readText(file))

    expect(parsed.name).not.toBeNull()
    const { Event, ChangeType }: WecomPacket = parsed.event
    expect(file).toContain(`.${ChangeType ?? Event}.`)
  })

  test('an addition has its ids, channel and welcome code', () => {
    const parsed = parseEventXml(readText('event.change_external_contact.add_external_contact.xml'))

    if (parsed.name !== 'change_external_contact.add_external_contact') throw new Error('another event')
    expect(parsed.event).toEqual({
      ToUserName: 'ww5f2a9c31d7be4608',
      FromUserName: 'sys',
      CreateTime: '1783000001',
      MsgType: 'event',
      Event: 'change_external_contact',
      ChangeType: 'add_external_contact',
      UserID: 'LinXiaoMei',
      ExternalUserID: 'wmR7uQDgAAk3vT9xYb2LhPzE5sJcN0aw',
      State: 'store_tianhe_01',
      WelcomeCode: 'LPsc7nHleb-mO3ZFhPkMlwc-1-a7ZHgEEp1LRi1UWRc',
    })
    expect(eventTime(parsed.event)).toEqual(new Date('2026-07-02T13:46:41Z'))
  })

  test('a list of one is a list, and an empty element is an empty list', () => {
    const wrap = (list: string) =>
      parseEventXml(
        `<xml><ToUserName>c</ToUserName><FromUserName>sys</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>change_external_chat</Event><ChatId>wr1</ChatId><ChangeType>update</ChangeType><MemChangeList>${list}</MemChangeList></xml>`,
      ).event

    expect(wrap('<Item>wm1</Item>')).toMatchObject({ MemChangeList: ['wm1'] })
    expect(wrap('')).toMatchObject({ MemChangeList: [] })
  })

  test("the official sample's misspelt options are read", () => {
    const xml = readText('event.app.template_card_event.xml').replaceAll('Option', 'Opiton')

    expect(parseEventXml(xml).event).toMatchObject({ SelectedItems: [{ QuestionKey: 'q1', OptionIds: ['o1', 'o2'] }] })
  })

  test('a MsgId beyond 2^53 keeps every digit', () => {
    const parsed = parseEventXml(
      '<xml><ToUserName>c</ToUserName><FromUserName>a</FromUserName><CreateTime>1409659813</CreateTime><MsgType>text</MsgType><Content> 你好 </Content><MsgId>4561255354251345929</MsgId></xml>',
    )

    expect(parsed.name).toBeNull()
    expect(parsed.event).toMatchObject({ MsgId: '4561255354251345929', Content: ' 你好 ' })
  })

  test('an unknown event is handed on, its own structure kept', () => {
    const parsed = parseEventXml(
      '<xml><ToUserName>c</ToUserName><FromUserName>sys</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>brand_new</Event><More><A>1</A><A>2</A></More></xml>',
    )

    expect(parsed.name).toBeNull()
    expect(parsed.event).toMatchObject({
      Event: 'brand_new',
      More: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    })
  })

  test.each([
    ['missing', ''],
    ['nested', '<UserID><A>x</A></UserID>'],
    ['doubled', '<UserID>a</UserID><UserID>b</UserID>'],
  ])('a known event with its UserID %s is refused', (_, userId) => {
    const xml = readText('event.change_external_contact.del_follow_user.xml').replace(/<UserID>.*<\/UserID>/, userId)

    expect(reasonOf(() => parseEventXml(xml))).toBe('shape')
  })
})

describe('tricks', () => {
  const padding = 'QUJD'
  const tricks: [string, string][] = [
    ['empty', ''],
    ['blank', '  \n'],
    ['text only', 'hello'],
    ['JSON', '{"encrypt":"QUJD"}'],
    ['no root', '<Encrypt>QUJD</Encrypt>'],
    ['two roots', `<xml><Encrypt>${padding}</Encrypt></xml><xml></xml>`],
    ['text after the root', `<xml><Encrypt>${padding}</Encrypt></xml>tail`],
    ['text before the root', `head<xml><Encrypt>${padding}</Encrypt></xml>`],
    ['no Encrypt', '<xml><ToUserName>c</ToUserName></xml>'],
    ['empty Encrypt', '<xml><Encrypt></Encrypt></xml>'],
    ['empty CDATA', '<xml><Encrypt><![CDATA[]]></Encrypt></xml>'],
    ['two Encrypt', `<xml><Encrypt>${padding}</Encrypt><Encrypt>${padding}</Encrypt></xml>`],
    ['nested Encrypt', `<xml><Encrypt><Encrypt>${padding}</Encrypt></Encrypt></xml>`],
    ['Encrypt one level down', `<xml><a><Encrypt>${padding}</Encrypt></a></xml>`],
    ['split CDATA', '<xml><Encrypt><![CDATA[QU]]><![CDATA[JD]]></Encrypt></xml>'],
    ['CDATA beside text', '<xml><Encrypt>QU<![CDATA[JD]]></Encrypt></xml>'],
    ['nested CDATA', '<xml><Encrypt><![CDATA[<![CDATA[QUJD]]>]]></Encrypt></xml>'],
    ['open CDATA', '<xml><Encrypt><![CDATA[QUJD</Encrypt></xml>'],
    ['comment in a value', '<xml><Encrypt>QU<!-- x -->JD</Encrypt></xml>'],
    ['comment before the root', '<!-- x --><xml><Encrypt>QUJD</Encrypt></xml>'],
    ['DOCTYPE', '<!DOCTYPE xml><xml><Encrypt>QUJD</Encrypt></xml>'],
    ['entity bomb', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'],
    ['external entity', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>'],
    ['parameter entity', '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://x/">%a;]><xml><Encrypt>QUJD</Encrypt></xml>'],
    ['DOCTYPE in lower case', '<!doctype x><xml><Encrypt>QUJD</Encrypt></xml>'],
    [
      'DOCTYPE hidden behind an attribute',
      '<xml a="<![CDATA["><!DOCTYPE x><b c="]]>"><Encrypt>QUJD</Encrypt></b></xml>',
    ],
    ['CDATA glued to markup', '<xml><<![CDATA[!DOCTYPE]]> x><Encrypt>QUJD</Encrypt></xml>'],
    ['instruction', '<?php x ?><xml><Encrypt>QUJD</Encrypt></xml>'],
    ['instruction inside', '<xml><?x y?><Encrypt>QUJD</Encrypt></xml>'],
    ['attribute', '<xml><Encrypt type="x">QUJD</Encrypt></xml>'],
    ['cut short', '<xml><Encrypt>QUJD</Encrypt>'],
    ['cut in a tag', '<xml><Encrypt>QUJD</Encr'],
    ['crossed tags', '<xml><Encrypt>QUJD</ToUserName></xml>'],
    ['__proto__', '<xml><__proto__><Encrypt>QUJD</Encrypt></__proto__></xml>'],
    ['constructor', '<xml><constructor><prototype>1</prototype></constructor></xml>'],
    ['20,000 levels', `<xml>${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}<Encrypt>QUJD</Encrypt></xml>`],
    ['20,000 levels, never closed', `<xml>${'<a>'.repeat(20_000)}`],
    ['7,000 open CDATA', `<xml>${'<![CDATA['.repeat(7_000)}`],
    ['60,000 opening brackets', '<'.repeat(60_000)],
    ['60,000 blanks in a tag', `<xml${' '.repeat(60_000)}`],
    ['10,000 doubled elements', `<xml>${'<a>1</a>'.repeat(10_000)}<Encrypt>QUJD</Encrypt></xml>`],
    ['UTF-16 read as UTF-8', Buffer.from('<xml><Encrypt>QUJD</Encrypt></xml>', 'utf16le').toString('utf8')],
  ]

  test.each(tricks)('%s: refused, quickly, without another error', (_, xml) => {
    const began = performance.now()

    expect(reasonOf(() => parseCallbackEnvelope(xml))).toMatch(/^(xml|shape)$/)
    expect(reasonOf(() => parseEventXml(xml))).toMatch(/^(xml|shape)$/)
    // The promise is 20 ms a document; the margin is for a busy machine.
    expect(performance.now() - began).toBeLessThan(200)
  })

  test('entities stay text', () => {
    expect(parseCallbackEnvelope('<xml><Encrypt>&lt;&#65;</Encrypt></xml>').encrypt).toBe('&lt;&#65;')
  })

  test('a declaration, blanks and plain values are as good as CDATA', () => {
    const xml = '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n <Encrypt>QUJD</Encrypt>\n <New>1</New>\n</xml>\n'

    expect(parseCallbackEnvelope(xml)).toEqual({ encrypt: 'QUJD' })
  })

  test('no text makes it throw anything but a rejection', () => {
    const piece = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<Encrypt>',
      '</Encrypt>',
      '<![CDATA[',
      ']]>',
      '<!',
      '&a;',
      '<a b="',
      '\0',
      ' ',
      '/>',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 20 }), (pieces) => {
        const xml = pieces.join('')

        expect(reasonOf(() => parseCallbackEnvelope(xml))).toMatch(/^(xml|shape|accepted)$/)
        expect(reasonOf(() => parseEventXml(xml))).toMatch(/^(xml|shape|accepted)$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the JSON form of the envelope', () => {
  test('is read like the XML one', () => {
    const text = '{"tousername":"ww5f2a9c31d7be4608","encrypt":"abc","agentid":1000014,"later":{}}'

    expect(parseJsonEnvelope(text)).toEqual({ encrypt: 'abc', toUserName: 'ww5f2a9c31d7be4608', agentId: '1000014' })
    expect(parseJsonEnvelope('{"encrypt":"abc"}')).toEqual({ encrypt: 'abc' })
  })

  test.each([
    ['', 'json'],
    ['{"encrypt":"abc"', 'json'],
    ['{"encrypt":"abc"} x', 'json'],
    ['[]', 'shape'],
    ['null', 'shape'],
    ['{}', 'shape'],
    ['{"encrypt":""}', 'shape'],
    ['{"encrypt":["abc"]}', 'shape'],
    ['{"encrypt":{"toString":"abc"}}', 'shape'],
    ['{"__proto__":{"encrypt":"abc"}}', 'shape'],
    ['{"encrypt":"abc","agentid":{}}', 'shape'],
    ['{"encrypt":"abc","agentid":1.5}', 'shape'],
    ['{"encrypt":"abc","tousername":1}', 'shape'],
  ])('%s is refused', (text, reason) => {
    expect(() => parseJsonEnvelope(text)).toThrow(expect.objectContaining({ name: 'CallbackRejected', reason }))
  })
})
