import { XMLParser } from 'fast-xml-parser'
import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { CallbackRejected } from './callback-rejected.ts'
import { eventSchemas, WecomPacket, type WecomEventName, type WecomEventOf } from './wire/events.ts'

/** An element below the root that we have no shape for, kept as it came. */
export interface XmlElement {
  name: string
  value: string | XmlElement[]
}

/** The outer packet. `toUserName` and `agentId` stand outside the signature: they must never choose the corp. */
export interface CallbackEnvelope {
  encrypt: string
  toUserName?: string
  agentId?: string
}

/** An event with its name; `name: null` marks an event or member message that we do not know (yet). */
export type ParsedEvent =
  | { [N in WecomEventName]: { name: N; event: WecomEventOf<N> } }[WecomEventName]
  | { name: null; event: WecomPacket }

/**
 * Reads the body WeCom posts. Nothing in it is proven yet: hand `encrypt` to `verifyAndDecrypt`.
 * @throws CallbackRejected `xml` or `shape`
 * @see https://developer.work.weixin.qq.com/document/path/90930
 */
export function parseCallbackEnvelope(xml: string): CallbackEnvelope {
  const fields = readFields(xml, MAX_TAGS.envelope)
  const encrypt = fields.get('Encrypt')
  if (typeof encrypt !== 'string' || encrypt === '') throw new CallbackRejected('shape')
  return { encrypt, toUserName: optionalText(fields, 'ToUserName'), agentId: optionalText(fields, 'AgentID') }
}

/**
 * Reads the body in the JSON form, which WeCom's page about the encryption names beside XML: `tousername`, `encrypt`,
 * `agentid`. What is encrypted is the same.
 * @throws CallbackRejected `json` or `shape`
 * @see https://developer.work.weixin.qq.com/document/path/90968
 */
export function parseJsonEnvelope(text: string): CallbackEnvelope {
  const { encrypt, tousername: toUserName, agentid: agentId } = readJsonObject(text)
  if (typeof encrypt !== 'string' || encrypt === '') throw new CallbackRejected('shape')
  if (toUserName !== undefined && typeof toUserName !== 'string') throw new CallbackRejected('shape')
  // WeCom writes it as a number here and there.
  const agent = typeof agentId === 'number' && Number.isSafeInteger(agentId) ? agentId.toFixed() : agentId
  if (agent !== undefined && typeof agent !== 'string') throw new CallbackRejected('shape')
  return { encrypt, ...(toUserName !== undefined && { toUserName }), ...(agent !== undefined && { agentId: agent }) }
}

function readJsonObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CallbackRejected('json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new CallbackRejected('shape')
  return value as Record<string, unknown>
}

/**
 * Reads a decrypted packet. Values are text exactly as sent; unknown elements are kept.
 * @throws CallbackRejected `xml`, or `shape` when a known event lacks an element or has it doubled or nested
 * @see https://developer.work.weixin.qq.com/document/path/92130
 */
export function parseEventXml(xml: string): ParsedEvent {
  const event: Record<string, unknown> = Object.create(null)
  for (const [name, value] of readFields(xml, MAX_TAGS.event)) event[name] = containers[name]?.(value) ?? value

  if (!checkShape('packet', WecomPacket, event)) throw new CallbackRejected('shape')
  const name = eventName(event)
  if (name === null) return { name, event }
  if (!checkShape(name, eventSchemas[name], event)) throw new CallbackRejected('shape')
  return { name, event } as ParsedEvent
}

/** @returns the name under which the packet's shape is known, or null */
export function eventName(packet: WecomPacket): WecomEventName | null {
  if (packet.MsgType !== 'event' || packet.Event === undefined) return null
  const name = packet.ChangeType === undefined ? packet.Event : `${packet.Event}.${packet.ChangeType}`
  return Object.hasOwn(eventSchemas, name) ? (name as WecomEventName) : null
}

/** When the event happened, by the decrypted packet itself. */
export const eventTime = (packet: Pick<WecomPacket, 'CreateTime'>): Date => new Date(Number(packet.CreateTime) * 1000)

/** The few elements that hold lists. A list of one is still a list. */
const containers: Record<string, ((value: string | XmlElement[]) => unknown) | undefined> = {
  __proto__: null as never,
  MemChangeList: (value) => readList(value, ['Item']),
  SelectedItems: (value) =>
    listOf(value, ['SelectedItem']).map((item) => {
      const fields = new Map(elementsOf(item).map((element) => [element.name, element.value]))
      return {
        QuestionKey: fields.get('QuestionKey'),
        // The official sample misspells both names.
        OptionIds: readList(fields.get('OptionIds') ?? fields.get('OpitonIds') ?? [], ['OptionId', 'OpitonId']),
      }
    }),
}

const elementsOf = (value: string | XmlElement[]): XmlElement[] => {
  if (typeof value !== 'string') return value
  if (value.trim() !== '') throw new CallbackRejected('shape')
  return []
}

function listOf(value: string | XmlElement[], itemNames: string[]): (string | XmlElement[])[] {
  return elementsOf(value).map((item) => {
    if (!itemNames.includes(item.name)) throw new CallbackRejected('shape')
    return item.value
  })
}

function readList(value: string | XmlElement[], itemNames: string[]): string[] {
  return listOf(value, itemNames).map((item) => {
    if (typeof item !== 'string') throw new CallbackRejected('shape')
    return item
  })
}

function optionalText(fields: Map<string, string | XmlElement[]>, name: string): string | undefined {
  const value = fields.get(name)
  if (value !== undefined && typeof value !== 'string') throw new CallbackRejected('shape')
  return value
}

const validators = new Map<string, Validator>()

function checkShape<S extends TSchema>(name: string, schema: S, value: unknown): value is Static<S> {
  let validator = validators.get(name)
  if (!validator) validators.set(name, (validator = Compile(schema)))
  return validator.Check(value)
}

// The parser's time grows with the tags, so they are counted first. An unproven envelope needs three elements; an
// event's longest list is that of a full group, 500 members.
const MAX_TAGS = { envelope: 40, event: 1_200 }
const MAX_DEPTH = 12

// Order is preserved so that doubled elements, mixed content and split CDATA stay visible: the parser's
// plain output turns them into arrays, objects and glued text without an error.
const parser = new XMLParser({
  preserveOrder: true,
  cdataPropName: '#cdata',
  processEntities: false,
  htmlEntities: false,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
})

type ParsedNode = Record<string, unknown>

/** The children of the one root `xml`, each name at most once. */
function readFields(xml: string, maxTags: number): Map<string, string | XmlElement[]> {
  const roots = parseNodes(xml, maxTags).filter((node) => !isBlankText(node))
  const root = roots[0]?.['xml']
  if (roots.length !== 1 || !Array.isArray(root)) throw new CallbackRejected('shape')

  const fields = new Map<string, string | XmlElement[]>()
  const value = readValue(root as ParsedNode[])
  for (const element of elementsOf(value)) {
    if (fields.has(element.name)) throw new CallbackRejected('shape')
    fields.set(element.name, element.value)
  }
  return fields
}

function parseNodes(xml: string, maxTags: number): ParsedNode[] {
  if (typeof xml !== 'string') throw new CallbackRejected('xml')
  const document = xml.replace(/^\uFEFF?\s*<\?xml\s[^<>]{0,100}\?>/, '')
  assertPlainMarkup(document, maxTags)
  try {
    return parser.parse(document, true) as ParsedNode[]
  } catch {
    throw new CallbackRejected('xml')
  }
}

/**
 * Lets through bare tags, text and CDATA only: no DOCTYPE, entity, comment, instruction or attribute reaches the
 * parser. One pass, so hostile input costs no more than its length.
 */
function assertPlainMarkup(xml: string, maxTags: number): void {
  const open = '<![CDATA['
  let tags = 0
  let depth = 0
  for (let from = 0; ;) {
    const start = xml.indexOf(open, from)
    const markup = start < 0 ? xml.slice(from) : xml.slice(from, start)
    for (const [tag] of markup.matchAll(/<[^<>]*>?/g)) {
      const parts = /^<(\/?)[A-Za-z_][\w.-]{0,63}\s{0,8}(\/?)>$/.exec(tag)
      if (!parts || (parts[1] && parts[2]) || ++tags > maxTags) throw new CallbackRejected('xml')
      depth += parts[1] ? -1 : parts[2] ? 0 : 1
      if (depth > MAX_DEPTH) throw new CallbackRejected('xml')
    }
    if (start < 0) return
    const end = xml.indexOf(']]>', start + open.length)
    if (end < 0) throw new CallbackRejected('xml')
    from = end + 3
  }
}

/** An element holds either one piece of text or elements with blanks between them, never both. */
function readValue(nodes: ParsedNode[]): string | XmlElement[] {
  const elements = nodes.filter((node) => textOf(node) === null)
  if (elements.length === 0) {
    if (nodes.length > 1) throw new CallbackRejected('shape')
    return nodes[0] ? (textOf(nodes[0]) ?? '') : ''
  }
  if (nodes.some((node) => textOf(node) !== null && !isBlankText(node))) throw new CallbackRejected('shape')
  return elements.map((node) => {
    const [name, children] = Object.entries(node)[0] ?? []
    if (name === undefined || !Array.isArray(children)) throw new CallbackRejected('shape')
    return { name, value: readValue(children as ParsedNode[]) }
  })
}

function textOf(node: ParsedNode): string | null {
  const text = node['#text']
  if (typeof text === 'string') return text
  const cdata = node['#cdata']
  if (!Array.isArray(cdata)) return null
  return cdata.map((part: { '#text'?: string }) => part['#text'] ?? '').join('')
}

const isBlankText = (node: ParsedNode) => typeof node['#text'] === 'string' && node['#text'].trim() === ''
