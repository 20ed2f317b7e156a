import type { zhCN } from './zh-CN.ts'

export const en = {
  title: 'Sign in to the admin panel',
  lead: 'Scan with WeCom to sign in. Only authorised admins can enter.',
  action: 'Sign in with WeCom',
  ended: 'Your sign-in has ended. Please sign in again.',
  first: {
    title: 'First use',
    label: 'One-time code',
    hint: 'Shown once when the server starts; good for 15 minutes.',
    action: 'Enter with the code',
    wrong: 'The code is wrong, used or too old. Restart the server to see a new one.',
    tooOften: 'That was too often; please wait a minute.',
  },
  again: { title: 'Confirmed that it is you', next: 'Close this window and go back to the panel.' },
} satisfies typeof zhCN
