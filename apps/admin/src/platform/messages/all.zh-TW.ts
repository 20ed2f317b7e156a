import { gather } from './gather.ts'
import { zhTW } from './zh-TW.ts'

/** Everything in this language, as one file to load. */
export const words = {
  ...zhTW,
  ...gather(import.meta.glob<object>('../../features/*/messages/zh-TW.ts', { eager: true, import: 'zhTW' })),
}
