import type { zhCN } from './zh-CN.ts'

export const en = {
  start: 'Sync now',
  phases: {
    idle: 'Never synced',
    directory: 'Reading the directory',
    followers: 'Reading the list of guides',
    relations: 'Reading relations',
    tags: 'Reading corp tags',
    done: 'Sync finished',
    failed: 'Sync did not finish',
  },
  of: '{done} / {total}',
  count: '{done}',
  rate: '{rate} a second',
  eta: 'about {seconds} s left',
  finishedAt: 'Finished {time}',
  failedNext: 'It is tried again by itself; “Sync now” tries at once. Cause: {reason}',
} satisfies typeof zhCN
