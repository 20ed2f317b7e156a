import type { PanelLanguage } from '@guidebar/contracts'

export type Notice =
  | { kind: 'follow_up'; customerName: string; text: string }
  | { kind: 'opened'; customerName: string; title: string }

const words: Record<PanelLanguage, Record<Notice['kind'], string>> = {
  'zh-CN': {
    follow_up: '⏰ 跟进提醒 {time}\n{customer}{text}',
    opened: '👀 {time} {customer}打开了「{title}」',
  },
  'zh-TW': {
    follow_up: '⏰ 跟進提醒 {time}\n{customer}{text}',
    opened: '👀 {time} {customer}打開了「{title}」',
  },
  en: {
    follow_up: '⏰ Follow-up {time}\n{customer}{text}',
    opened: '👀 {time} {customer} opened “{title}”',
  },
}

/** @param at stands in the text, so that two notices of the same content are two for WeCom */
export function toNoticeText(notice: Notice, at: Date, language: PanelLanguage): string {
  const time = new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')
  const colon = language === 'en' ? ': ' : '：'
  const text = notice.kind === 'follow_up' && notice.text ? `${colon}${notice.text}` : ''
  const values: Record<string, string> = {
    time,
    customer: notice.customerName,
    text,
    title: notice.kind === 'opened' ? notice.title : '',
  }
  return words[language][notice.kind].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
