import { beforeEach, expect, test } from 'vitest'
import { lina, readFixture, useEmulator, xiaoyu } from '../test-support.ts'

const emulator = useEmulator({ linkedMiniPrograms: ['wx8bd80126147dFAKE'] })
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4])
const pair = { userId: 'LinXiaoMei', externalUserId: lina }
const text = { content: '您好' }
let code = ''

const send = async (body: object) => (await emulator.post('externalcontact/send_welcome_msg', body)).errcode

beforeEach(async () => {
  code = (await emulator.control.act('addCustomer', pair)).welcomeCode ?? ''
})

test('a welcome goes out once, and both tries are in the log', async () => {
  expect(await send({ welcome_code: code, text })).toBe(0)
  expect(await emulator.post('externalcontact/send_welcome_msg', { welcome_code: code, text })).toMatchObject({
    errcode: 41050,
    errmsg: expect.stringMatching(/^invalid welcome code, hint/) as string,
  })

  expect(await emulator.control.welcomeCalls({ welcomeCode: code })).toMatchObject([
    { errcode: 41050, text: '您好', ...pair },
    { errcode: 0, text: '您好', ...pair, ageMs: expect.any(Number) as number },
  ])
})

test('a used code can also be refused as delivered', async () => {
  await emulator.control.changeSettings({ uncertain: { usedWelcomeErrcode: 41051 } })
  await send({ welcome_code: code, text })

  expect(await send({ welcome_code: code, text })).toBe(41051)
})

test('a code lives 20 seconds', async () => {
  const other = (await emulator.control.act('addCustomer', { ...pair, externalUserId: xiaoyu })).welcomeCode
  await emulator.control.advanceClock(19)
  expect(await send({ welcome_code: code, text })).toBe(0)

  await emulator.control.advanceClock(2)
  expect(await send({ welcome_code: other, text })).toBe(41050)
  expect(await send({ welcome_code: 'never-given-out', text })).toBe(41050)
})

test('another app or a chat that has begun comes first', async () => {
  await emulator.control.act('otherAppWelcomes', { welcomeCode: code })
  expect(await send({ welcome_code: code, text })).toBe(41096)
  await emulator.control.act('otherAppWelcomes', { welcomeCode: code, sent: true })
  expect(await send({ welcome_code: code, text })).toBe(41051)

  const { welcomeCode } = await emulator.control.act('addCustomer', { ...pair, externalUserId: xiaoyu })
  await emulator.control.act('startChat', { ...pair, externalUserId: xiaoyu })
  expect(await send({ welcome_code: welcomeCode, text })).toBe(41051)
})

test('who was welcomed as a half contact gets no second code', async () => {
  const { welcomeCode } = await emulator.control.act('addCustomer', { ...pair, half: true })
  expect(await send({ welcome_code: welcomeCode, text })).toBe(0)

  expect((await emulator.control.act('addCustomer', pair)).welcomeCode).toBeNull()
})

test('text and all kinds of attachments are taken, as in the official sample', async () => {
  const { media_id: mediaId } = await emulator.upload('media/upload?type=image', png)
  const sample = readFixture('externalcontact_send_welcome_msg.request.json')
    .replace('LPsc7nHleb-mO3ZFhPkMlwc-1-a7ZHgEEp1LRi1UWRc', code)
    .replaceAll('1G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0', String(mediaId))

  expect(await send(JSON.parse(sample) as object)).toBe(0)
  expect((await emulator.control.welcomeCalls())[0]?.attachments).toHaveLength(3)
})

test('what is not in order leaves the code for another try', async () => {
  const image = { msgtype: 'image', image: { media_id: 'gone' } }
  expect(await send({ text })).toBe(41049)
  expect(await send({ welcome_code: code })).toBe(40063)
  expect(await send({ welcome_code: code, text: { content: '啊'.repeat(1334) } })).toBe(40058)
  expect(await send({ welcome_code: code, attachments: Array.from({ length: 10 }, () => image) })).toBe(41064)
  expect(await send({ welcome_code: code, attachments: [{ msgtype: 'voice', voice: {} }] })).toBe(41065)
  expect(await send({ welcome_code: code, attachments: [image] })).toBe(40007)

  expect(await send({ welcome_code: code, text })).toBe(0)
})

test('a lost answer means the welcome went out', async () => {
  await emulator.control.failNext({ path: 'externalcontact/send_welcome_msg', httpFault: 'answerLost' })
  await expect(send({ welcome_code: code, text })).rejects.toThrow(TypeError)

  expect(await emulator.control.welcomeCalls()).toMatchObject([{ errcode: 0, welcomeCode: code }])
})
