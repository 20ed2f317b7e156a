import { describe, expect, test } from 'vitest'
import { readFixture, useEmulator } from '../test-support.ts'

const emulator = useEmulator({ linkedMiniPrograms: ['wx8bd80126147dFAKE'] })
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4])
const codeOf = async (call: Promise<{ errcode: number }>) => (await call).errcode

describe('media', () => {
  test('come back as they went in, whole or in part, for three days', async () => {
    const { media_id: mediaId } = await emulator.upload('media/upload?type=image', png)
    const fetchMedia = (headers = {}) =>
      emulator.raw(`media/get?media_id=${String(mediaId)}&access_token=${emulator.token}`, { headers })

    const whole = await fetchMedia()
    expect(whole.headers.get('content-type')).toBe('image/png')
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(png)
    const part = await fetchMedia({ range: 'bytes=0-3' })
    expect(part.status).toBe(206)
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(png.slice(0, 4))
    expect((await fetch(`${emulator.url}/media/${String(mediaId)}`)).status).toBe(200)

    await emulator.control.advanceClock(3 * 24 * 3600 - 5)
    expect((await emulator.control.findMedia(String(mediaId)))?.expired).toBe(false)
    await emulator.control.advanceClock(10)
    expect(await emulator.control.findMedia(String(mediaId))).toMatchObject({ expired: true, filename: '图.png' })
    expect((await fetch(`${emulator.url}/media/${String(mediaId)}`)).status).toBe(404)
    expect(await codeOf(emulator.get(`media/get?media_id=${String(mediaId)}`))).toBe(42001)
  })

  test('are judged by their bytes and sizes', async () => {
    expect(await codeOf(emulator.upload('media/upload?type=picture', png))).toBe(40005)
    expect(await codeOf(emulator.upload('media/upload?type=image', new Uint8Array(20)))).toBe(40004)
    expect(await codeOf(emulator.upload('media/upload?type=file', new Uint8Array(5)))).toBe(40006)
    expect(await codeOf(emulator.upload('media/upload?type=file', new Uint8Array(20 * 1024 * 1024 + 1)))).toBe(45001)
    expect(await codeOf(emulator.post('media/upload?type=file', { media: 'no file' }))).toBe(44001)
    expect(await codeOf(emulator.get('media/get?media_id=nothing'))).toBe(40007)
  })
})

describe('messages to guides', () => {
  const text = { msgtype: 'text', agentid: 1000014, text: { content: '您有 3 位客户今天生日' } }

  test('reach those who exist, and name the others in lower case', async () => {
    const answer = await emulator.post('message/send', {
      ...text,
      touser: 'LinXiaoMei|NoBody|AlsoNone',
      toparty: '5|99',
    })

    expect(answer).toMatchObject({ errcode: 0, invaliduser: 'nobody|alsonone', invalidparty: '99' })
    expect('invalidtag' in answer).toBe(false)
    const [message] = await emulator.control.messages({ userId: 'zhao.rui' })
    expect(message).toMatchObject({ msgType: 'text', content: text.text, msgId: answer.msgid })
  })

  test('fail only when nobody is left', async () => {
    expect(await codeOf(emulator.post('message/send', { ...text, touser: 'NoBody' }))).toBe(81013)
    expect(await codeOf(emulator.post('message/send', { ...text, touser: 'LinXiaoMei', agentid: 1 }))).toBe(301002)
  })

  test('of all documented kinds are taken', async () => {
    for (const kind of ['text', 'textcard', 'miniprogram_notice', 'template_card.text_notice']) {
      const body = JSON.parse(readFixture(`message_send.${kind}.request.json`)) as object
      expect({ kind, errcode: await codeOf(emulator.post('message/send', body)) }).toEqual({ kind, errcode: 0 })
    }
  })

  test('are checked: kind, empty text, foreign mini program, card without address', async () => {
    const send = (body: object) =>
      codeOf(emulator.post('message/send', { touser: 'LinXiaoMei', agentid: 1000014, ...body }))

    expect(await send({ msgtype: 'poem', poem: {} })).toBe(40008)
    expect(await send({ msgtype: 'text', text: { content: '' } })).toBe(44004)
    expect(
      await send({ msgtype: 'miniprogram_notice', miniprogram_notice: { appid: 'wxOther', title: '客户下单通知' } }),
    ).toBe(90206)
    expect(await send({ msgtype: 'textcard', textcard: { title: '标题', description: '说明', url: 'shop' } })).toBe(
      40058,
    )
    expect(await send({ msgtype: 'image', image: { media_id: 'nothing' } })).toBe(40007)
  })

  test('are not delivered again inside the interval, and are dropped in silence over the limit', async () => {
    const body = { ...text, touser: 'ChenJie', enable_duplicate_check: 1, duplicate_check_interval: 600 }
    await emulator.post('message/send', body)
    await emulator.post('message/send', body)
    expect(await emulator.control.messages({ userId: 'ChenJie' })).toHaveLength(1)

    await emulator.control.changeSettings({ limits: { messagesPerMemberMinute: 1 } })
    const over = await emulator.post('message/send', { ...text, touser: 'ChenJie' })
    expect(over.errcode).toBe(0)
    expect((await emulator.control.messages())[0]?.droppedUserIds).toEqual(['ChenJie'])
  })
})
