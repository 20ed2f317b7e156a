import type { EmulatorClock } from './clock.ts'
import type { Ids } from './random.ts'

const LIFE_SEC = 3 * 24 * 3600

export interface MediaRecord {
  id: string
  type: 'image' | 'voice' | 'video' | 'file'
  filename: string
  contentType: string
  bytes: Buffer
  createdSec: number
}

/** Uploaded files; they live three days. */
export function createMediaStore(ids: Ids, clock: EmulatorClock) {
  const media = new Map<string, MediaRecord>()
  const ageSec = (record: MediaRecord) => clock.nowSec() - record.createdSec
  const isExpired = (record: MediaRecord) => ageSec(record) >= LIFE_SEC
  return {
    all: media,
    ageSec,
    isExpired,
    add(file: Omit<MediaRecord, 'id' | 'createdSec'>): MediaRecord {
      const record = { ...file, id: ids.media(), createdSec: clock.nowSec() }
      media.set(record.id, record)
      return record
    },
    /** @returns the file while it lives */
    find(id: string): MediaRecord | undefined {
      const record = media.get(id)
      return record && !isExpired(record) ? record : undefined
    },
  }
}
