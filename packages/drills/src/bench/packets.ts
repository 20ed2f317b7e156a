import { createHash } from 'node:crypto'

import { createCallbackCrypto } from '@guidebar/wecom/crypto'

export type Credentials = { corpId: string; token: string; aesKey: string }
export type EventInput = {
  userId: string
  externalUserId: string
  changeType?: string
  /** Unix seconds. */
  createdAt: number
  more?: Record<string, string>
}

const cdata = (name: string, text: string) => `<${name}><![CDATA[${text}]]></${name}>`

/** One event of a customer as WeCom writes it. */
export function toEventXml(corpId: string, input: EventInput): string {
  const { userId, externalUserId, changeType = 'edit_external_contact', createdAt, more = {} } = input
  return `<xml>${[
    cdata('ToUserName', corpId),
    cdata('FromUserName', 'sys'),
    `<CreateTime>${createdAt}</CreateTime>`,
    cdata('MsgType', 'event'),
    cdata('Event', 'change_external_contact'),
    cdata('ChangeType', changeType),
    cdata('UserID', userId),
    cdata('ExternalUserID', externalUserId),
    ...Object.entries(more).map(([name, text]) => cdata(name, text)),
  ].join('')}</xml>`
}

/** The id under which the inbox keeps an event. */
export const toEventId = (corpId: string, xml: string): string =>
  createHash('sha256').update(`${corpId}\n${xml}`).digest('hex')

/** Seals packets as WeCom does. */
export function createSealer({ corpId, token, aesKey }: Credentials) {
  const crypto = createCallbackCrypto({ token, encodingAesKey: aesKey, receiveId: corpId })
  let count = 0
  return {
    crypto,
    /** @returns what to post, and the query to put behind the address */
    seal(xml: string, timestamp = Math.floor(Date.now() / 1_000), receiveId?: string) {
      count += 1
      const at = { timestamp: String(timestamp), nonce: `n${count}` }
      const packet = crypto.seal(xml, { ...at, ...(receiveId !== undefined && { receiveId }) })
      const query = new URLSearchParams({ msg_signature: packet.signature, ...at }).toString()
      return { body: packet.xml, query, packet }
    },
  }
}
