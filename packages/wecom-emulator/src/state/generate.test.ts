import { beforeEach, expect, test } from 'vitest'
import { useEmulator } from '../test-support.ts'

const emulator = useEmulator()
const input = { guides: 40, relations: 4000, seed: 5, tagGroups: 3, sharedShare: 0.1 }

beforeEach(() => emulator.control.reset())

test('a corp of the asked size is made, with all that a customer call shows', async () => {
  const made = await emulator.control.generate(input)
  expect(made).toMatchObject({ members: 40, customers: 3600, relations: 4000, tags: 18, departments: 5 })
  expect((await emulator.control.corp()).counts).toMatchObject({ members: 40, customers: 3600, relations: 4000 })

  const [member] = await emulator.control.members(1)
  const { relations } = await emulator.control.truth({ userId: member?.userId, limit: 10_000 })
  expect(relations).toHaveLength(member?.customerCount ?? 0)
  expect(new Set(relations.map((relation) => relation.externalUserId)).size).toBe(relations.length)
  expect(relations.every((relation) => /^w[mo][A-Za-z0-9]{30}$/.test(relation.externalUserId))).toBe(true)
  expect(relations.some((relation) => relation.tagIds.length > 1)).toBe(true)
  expect(relations.some((relation) => relation.state !== '')).toBe(true)
})

test('the same seed makes the same corp, another one another', async () => {
  const digestOf = async (seed: number) => {
    await emulator.control.reset()
    await emulator.control.generate({ ...input, seed })
    return (await emulator.control.digest()).digest
  }
  const first = await digestOf(5)

  expect(await digestOf(5)).toBe(first)
  expect(await digestOf(6)).not.toBe(first)
})

test('every relation is read once through the pages of batch/get_by_user', async () => {
  await emulator.control.generate(input)
  const token = await emulator.getToken()
  const userIds = (await emulator.control.members()).map((member) => member.userId)
  const seen = new Set<string>()
  let cursor = ''
  let pages = 0
  do {
    const response = await emulator.raw(`externalcontact/batch/get_by_user?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify({ userid_list: userIds, limit: 100, cursor }),
    })
    const answer = (await response.json()) as {
      external_contact_list: { external_contact: { external_userid: string }; follow_info: { userid: string } }[]
      next_cursor: string
    }
    for (const row of answer.external_contact_list)
      seen.add(`${row.follow_info.userid} ${row.external_contact.external_userid}`)
    cursor = answer.next_cursor
    pages += 1
  } while (cursor)

  expect(seen.size).toBe(4000)
  expect(pages).toBe(40)
})

test('a corp that has customers, or impossible numbers, are refused', async () => {
  await emulator.control.generate({ guides: 1, relations: 3, seed: 1 })
  await expect(emulator.control.generate(input)).rejects.toThrow('reset it first')

  await emulator.control.reset()
  await expect(emulator.control.generate({ ...input, guides: 0 })).rejects.toThrow('guides must be')
  await expect(emulator.control.generate({ ...input, sharedShare: 0.9 })).rejects.toThrow('sharedShare')
})
