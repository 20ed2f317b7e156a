import { createCallbackCrypto } from '@guidebar/wecom'

import { liNa, xiaomei, type CustomerWorld } from '../relations/customer.world.ts'

export type EventInput = {
  event?: string
  changeType?: string
  /** Seconds from now. */
  at?: number
  toUserName?: string
  /** Whom it is about, if not 李娜. */
  externalUserId?: string
  /** Further elements. */
  more?: Record<string, string>
}

/** What WeCom itself would seal packets with. */
export function cryptoOf({ config, corpId }: CustomerWorld) {
  const { token, aesKey } = config.wecom.callback ?? { token: '', aesKey: '' }
  return createCallbackCrypto({ token, encodingAesKey: aesKey, receiveId: corpId })
}

export const secondsAfter = ({ clock }: CustomerWorld, seconds: number) =>
  String(Math.floor(clock.now().getTime() / 1_000) + seconds)

const cdata = (name: string, text: string) => `<${name}><![CDATA[${text}]]></${name}>`

/** An event about 林小美 and a customer. */
export function toEventXml(world: CustomerWorld, input: EventInput): string {
  const {
    event = 'change_external_contact',
    changeType = 'edit_external_contact',
    at = 0,
    toUserName,
    externalUserId = liNa,
  } = input
  const fields = [
    cdata('ToUserName', toUserName ?? world.corpId),
    cdata('FromUserName', 'sys'),
    `<CreateTime>${secondsAfter(world, at)}</CreateTime>`,
    cdata('MsgType', 'event'),
    cdata('Event', event),
    cdata('ChangeType', changeType),
    cdata('UserID', xiaomei.userId),
    cdata('ExternalUserID', externalUserId),
    ...Object.entries(input.more ?? {}).map(([name, text]) => cdata(name, text)),
  ]
  return `<xml>${fields.join('')}</xml>`
}

/** Hands a good packet to one process, past the network. */
export async function deliver(
  world: CustomerWorld,
  { callbacks }: Pick<CustomerWorld, 'callbacks'>,
  input: EventInput = {},
) {
  const at = { timestamp: secondsAfter(world, 0), nonce: 'n0nce' }
  const packet = cryptoOf(world).seal(toEventXml(world, input), at)
  await callbacks.receive(world.corpId, { msg_signature: packet.signature, ...at }, { text: packet.xml })
}
