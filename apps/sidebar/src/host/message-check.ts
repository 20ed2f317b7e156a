import type { ClientMessage } from '@guidebar/contracts'

import { isOlder, type Client } from './client.ts'
import { HostError } from './host-error.ts'

const oldestMacForCards = '4.1.26'

/**
 * Finds what the client would refuse, before anything is handed over.
 * @throws HostError BAD_MESSAGE or UNSUPPORTED
 */
export function checkMessage(message: ClientMessage, client: Client): void {
  if (message.msgtype === 'text' && message.text.content === '') refuse('empty text')
  if (message.msgtype === 'image' && !message.image.mediaid) refuse('image without a media id')
  if (message.msgtype === 'file' && !message.file.mediaid) refuse('file without a media id')
  if (message.msgtype === 'video' && !message.video.mediaid) refuse('video without a media id')
  if (message.msgtype === 'news') {
    if (!isWebAddress(message.news.imgUrl)) refuse('link without a cover')
    if (!isWebAddress(message.news.link)) refuse('link without an address')
  }
  if (message.msgtype === 'miniprogram') {
    const { imgUrl, page } = message.miniprogram
    if (!isWebAddress(imgUrl)) refuse('card without a cover')
    if (!/\.html($|\?)/.test(page)) refuse('card whose path lacks .html')
    if (client.isMac && isOlder(client.version, oldestMacForCards))
      throw new HostError(
        'UNSUPPORTED',
        `mini-program cards on Mac need ${oldestMacForCards}, this is ${client.version}`,
      )
  }
}

function isWebAddress(address: string): boolean {
  return /^https?:\/\//.test(address)
}

function refuse(words: string): never {
  throw new HostError('BAD_MESSAGE', words)
}
