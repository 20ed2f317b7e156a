import { en } from './en.ts'
import { gather } from './gather.ts'

/** Everything in this language, as one file to load. */
export const words = {
  ...en,
  ...gather(import.meta.glob<object>('../../features/*/messages/en.ts', { eager: true, import: 'en' })),
}
