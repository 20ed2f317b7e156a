import type { zhCN } from './zh-CN.ts'

export const en: typeof zhCN = {
  title: 'Connection check',
  lead: 'From this server to WeCom, item by item: what is wrong, why, and what to do.',
  again: 'Check again',
  copy: 'Copy report',
  setUp: 'Open the set-up',
  where: 'Where to do it / more',
  asOf: 'Checked {time}',
  status: { ok: 'Fine', warn: 'Note', fail: 'Wrong', skip: 'Not checked' },
  groups: { wrong: 'To be mended ({count})', unseen: 'Cannot be checked yet ({count})', fine: 'Fine ({count})' },
}
