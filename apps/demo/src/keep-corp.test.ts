import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { createWecomEmulator, type WecomEmulator } from '@guidebar/wecom-emulator'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { buildCorp } from './corp/build-corp.ts'
import { keepCorp, loadKeptCorp, readKeptCorp } from './keep-corp.ts'
import { loadCorp } from './load-corp.ts'

let dataDir = ''
let emulators: WecomEmulator[] = []
const report = vi.fn<(line: string) => void>()

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'guidebar-keep-'))
  emulators = []
  report.mockClear()
})
afterEach(async () => {
  for (const emulator of emulators) await emulator.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function startEmulator() {
  const emulator = await createWecomEmulator()
  emulators.push(emulator)
  return emulator.control
}

async function startDemoCorp() {
  const control = await startEmulator()
  const corp = buildCorp({ customers: 30, seed: 1, now: new Date('2026-03-01T00:00:00Z') })
  await loadCorp(control, corp.wecom)
  return { control, externalUserId: corp.firstCustomer }
}

test('a corp that was never kept is not there', () => {
  expect(readKeptCorp(dataDir)).toBeNull()
})

test('after a restart the corp is as people left it', async () => {
  const { control, externalUserId } = await startDemoCorp()
  const keeper = keepCorp(control, dataDir, { report })
  const [relation] = (await control.customer(externalUserId)).relations
  await control.act('editRelation', { userId: relation?.userId ?? '', externalUserId, remark: '改过的备注' })
  const { externalUserId: added } = await control.act('addCustomer', { userId: relation?.userId ?? '', state: 'demo' })
  await keeper.close()

  const restarted = await startEmulator()
  await loadKeptCorp(restarted, readKeptCorp(dataDir) ?? [])

  expect((await restarted.relation(relation?.userId ?? '', externalUserId))?.remark).toBe('改过的备注')
  expect((await restarted.customer(added)).relations).toMatchObject([{ state: 'demo' }])
  expect(await restarted.digest()).toEqual(await control.digest())
  expect(report).not.toHaveBeenCalled()
})

test('a change is kept by itself, and without a change nothing is written', async () => {
  const { control, externalUserId } = await startDemoCorp()
  const keeper = keepCorp(control, dataDir, { report, pauseMs: 30 })
  await control.act('editCustomer', { externalUserId, name: '新名字' })
  const file = path.join(dataDir, 'wecom.json')

  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain('新名字'))
  writeFileSync(file, 'untouched')
  await keeper.close()

  expect(readFileSync(file, 'utf8')).toBe('untouched')
})

test('a failed save is reported and tried again', async () => {
  const { control } = await startDemoCorp()
  const keeper = keepCorp(control, path.join(dataDir, 'missing'), { report })
  await keeper.save()
  expect(report).toHaveBeenCalledWith(expect.stringContaining('could not be kept'))

  await keeper.close()
  expect(report).toHaveBeenCalledTimes(2)
})

test('a file that cannot be read names the way out', () => {
  writeFileSync(path.join(dataDir, 'wecom.json'), '{"parts":[')

  expect(() => readKeptCorp(dataDir)).toThrow('--fresh')
})
