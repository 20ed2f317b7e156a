/** A value of an event: text goes into CDATA, numbers and `plain` text do not, a list becomes `Item` elements. */
export type EventValue = string | number | { plain: string } | readonly string[] | undefined

// The one sequence that would end a CDATA section early is split over two.
const cdata = (text: string) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

function toElement(name: string, value: EventValue): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return `<${name}>${cdata(value)}</${name}>`
  if (typeof value === 'number') return `<${name}>${value}</${name}>`
  if ('plain' in value) return `<${name}>${value.plain}</${name}>`
  return `<${name}>${value.map((item) => toElement('Item', item)).join('')}</${name}>`
}

/**
 * A decrypted event as WeCom writes it; the order of the fields is kept.
 * @param own elements beside the common ones, `Event` and what follows it
 */
export function toEventXml(corpId: string, createSec: number, own: Record<string, EventValue>): string {
  const common = { ToUserName: corpId, FromUserName: 'sys', CreateTime: createSec, MsgType: 'event' }
  const elements = Object.entries({ ...common, ...own }).map(([name, value]) => toElement(name, value))
  return `<xml>${elements.join('')}</xml>`
}
