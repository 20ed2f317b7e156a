import type { zhCN } from './zh-CN.ts'

export const en: typeof zhCN = {
  title: 'Guides’ proposals',
  lead: 'Guides offer their own good replies to everybody. Accepted, all guides have them; refused, the guide reads your reason in the sidebar.',
  by: 'Proposed by {name}, {time}',
  parts: 'What is proposed',
  image: 'Picture: {name}',
  card: 'Mini-program card',
  accept: 'Accept',
  refuse: 'Refuse',
  became: {
    published: '“{title}” is published for everybody',
    review: '“{title}” is taken in and waits for another admin to publish it',
    draft: '“{title}” is taken in as a draft: it has problems to mend before it can be published',
  },
  open: 'Open',
  refused: '“{title}” was refused; the guide will see why',
  refuseTitle: 'Refuse “{title}”?',
  reason: 'Reason',
  reasonHint: '{name} will read this',
  none: 'No proposals are waiting',
  noneNext: 'When a guide offers one of the own replies to everybody, it shows here.',
}
