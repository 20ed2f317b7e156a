import type { NextAction } from '@guidebar/contracts'

type Translate = (key: string, values?: Record<string, string | number>) => string

/** What a rule has found, as a sentence; the day itself and empty words read differently. */
export function toActionWords(t: Translate, { rule, values }: Pick<NextAction, 'rule' | 'values'>): string {
  if (rule === 'follow_up_due') {
    const due = Number(values['overdueDays']) > 0 ? t('nextAction.overdue', values) : t('nextAction.follow_up_due')
    return values['text'] ? `${due}：${values['text']}` : due
  }
  return t(`nextAction.${rule}${values['days'] === 0 ? '_today' : ''}`, values)
}
