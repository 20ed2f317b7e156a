import { randomUUID } from 'node:crypto'

import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
}, 60_000)
afterAll(() => world.close())

const upload = (bytes: Buffer, query = '', contentType = 'image/png') =>
  world
    .asAdmin()
    .send('POST', `/api/admin/media${query}`, { rawBody: bytes as never, headers: { 'content-type': contentType } })
const draw = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#c33' } })

test('a picture is drawn anew: smaller, without what hid in it, and a cover cut to 5:4', async () => {
  const secret = 'SECRET-IN-EXIF'
  const original = await draw(3_000, 2_000)
    .jpeg()
    .withExif({ IFD0: { Copyright: secret } })
    .toBuffer()
  const bytes = Buffer.concat([original, Buffer.from('<script>alert(1)</script>')])

  const { body } = await upload(bytes, '', 'image/png')
  const { body: cover } = await upload(bytes, '?use=cover', 'application/octet-stream')
  const kept = Buffer.from(await (await fetch(body.url)).arrayBuffer())

  expect(original.toString('latin1')).toContain(secret)
  expect(kept.toString('latin1')).not.toMatch(/SECRET|script/)
  expect(await sharp(kept).metadata()).toMatchObject({ format: 'jpeg', width: 1_600, height: 1_067 })
  expect(cover).toMatchObject({ width: 1_040, height: 832 })
  expect((await upload(bytes)).body.assetId).toBe(body.assetId)
})

test('what is no picture is refused whatever it calls itself', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
  const torn = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), svg])
  const answers = [
    await upload(svg, '', 'image/png'),
    await upload(Buffer.from('<?xml version="1.0"?><svg/>'), '', 'image/jpeg'),
    await upload(torn, '', 'image/png'),
    await upload(Buffer.from('%PDF-1.7'), '', 'image/png'),
    await upload(svg, '', 'image/svg+xml'),
    await upload(Buffer.alloc(8_000_001, 0xff), '', 'image/png'),
  ]

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([415, 415, 415, 415, 415, 413])
})

test('a bomb of pixels is not unpacked', async () => {
  const bomb = await draw(9_000, 9_000).png({ compressionLevel: 9 }).toBuffer()

  expect((await upload(bomb)).statusCode).toBe(415)
})

test('documents and films are kept under their name, go out as what they are, and nothing else does', async () => {
  const keep = (text: string, name: string) =>
    world.asAdmin().send('POST', `/api/admin/media/files?name=${encodeURIComponent(name)}`, {
      rawBody: Buffer.from(text) as never,
      headers: { 'content-type': 'application/octet-stream' },
    })
  const manual = await keep('%PDF-1.7 seven days', '../新机七天.pdf')
  const film = await keep('\0\0\0\u0018ftypmp42', '开箱.mp4')
  const refused = await Promise.all([
    keep('<html><script>', '页面.pdf'),
    keep('%PDF-1.7', '脚本.exe'),
    keep('PK\u0003\u0004', '压缩.zip'),
  ])
  expect([manual.statusCode, film.statusCode]).toEqual([201, 201])
  expect(manual.body).toMatchObject({ kind: 'file', name: '新机七天.pdf' })
  expect(refused.map(({ statusCode }) => statusCode)).toEqual([415, 415, 415])

  const part = (type: string, { assetId, name }: { assetId: string; name: string }) => ({ type, assetId, name })
  const { guide, customer } = await world.follow()
  const panel = world.as(guide)
  const save = (...parts: object[]) => panel.post('/quick-replies', { folder: '', title: '资料', shortcut: '', parts })
  const wrong = await save(part('video', manual.body))
  const reply = await save(part('file', manual.body), part('video', film.body))
  const target = { externalUserId: customer.externalUserId }
  const prepare = (at: number) =>
    panel.post('/sends', { ...target, key: randomUUID(), content: { type: 'reply', replyId: reply.body.id, part: at } })
  const [document, clip] = [await prepare(0), await prepare(1)]

  expect([wrong.statusCode, wrong.body.error.code]).toEqual([422, 'TEMPLATE_INVALID'])
  expect(document.body.message).toEqual({ msgtype: 'file', file: { mediaid: expect.any(String) } })
  expect(clip.body.message).toEqual({ msgtype: 'video', video: { mediaid: expect.any(String) } })
  const atWecom = await world.wecom.media()
  expect(atWecom.map(({ type, filename }) => [type, filename])).toEqual(
    expect.arrayContaining([
      ['file', '新机七天.pdf'],
      ['video', '开箱.mp4'],
    ]),
  )
  const shown = await fetch(manual.body.url)
  expect(shown.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''%E6/)
  await panel.delete(`/quick-replies/${reply.body.id}`)
})

test('pictures of replies are handed to WeCom before it forgets them; one refusal does not stop the others', async () => {
  const ids = []
  for (const size of [20, 30]) {
    const { body } = await upload(await draw(size, size).png().toBuffer())
    ids.push(body.assetId)
    await world.services.quickReplies.saveCorp(world.corpId, {
      folder: '图',
      title: `图${size}`,
      shortcut: '',
      parts: [{ type: 'image', assetId: body.assetId, name: '' }],
    })
  }
  const refresh = async () =>
    world.services.media.refresh(world.corp, await world.services.quickReplies.listPictures(world.corpId))

  await world.wecom.failNext({ path: 'media/upload', errcode: 40004 })
  const first = await refresh()
  const second = await refresh()
  const idle = await refresh()
  const before = await world.services.media.freshMediaId(world.corp, ids[0] ?? '')
  world.passDays(1.9)
  const renewed = await refresh()
  world.passDays(1.5)

  expect([first, second, idle]).toEqual([
    { uploaded: 1, failed: 1 },
    { uploaded: 1, failed: 0 },
    { uploaded: 0, failed: 0 },
  ])
  expect(renewed).toEqual({ uploaded: 2, failed: 0 })
  // More than three days after the first upload there is still one that WeCom knows.
  expect(await world.services.media.freshMediaId(world.corp, ids[0] ?? '')).not.toBe(before)
})
