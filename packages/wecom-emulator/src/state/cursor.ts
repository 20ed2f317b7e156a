import { createCipheriv, createDecipheriv, createSecretKey, hash, randomBytes, type KeyObject } from 'node:crypto'
import { WecomFault } from '../wecom-fault.ts'
import type { EmulatorClock } from './clock.ts'

/** A place in a listing: which part of it, and the last `seq` seen there. */
export interface Place {
  part: number
  seq: number
}

/**
 * Cursors that hold their own state, sealed: nothing is kept for a listing that nobody goes on with, and a cursor of
 * another listing, another run or somebody's own making is not valid.
 */
export function createCursors(clock: EmulatorClock, lifeSec: () => number) {
  const key = createSecretKey(randomBytes(16))
  const listingOf = (path: string, args: unknown) =>
    hash('sha1', JSON.stringify([path, args]), 'base64url').slice(0, 12)

  return {
    /** @param args the arguments that make this listing what it is; the page size is not among them */
    make(path: string, args: unknown, { part, seq }: Place): string {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-128-gcm', key, iv)
      const text = JSON.stringify([listingOf(path, args), part, seq, clock.nowSec()])
      const sealed = Buffer.concat([cipher.update(text), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    /** @throws WecomFault 50100 when the cursor is not one of this listing */
    read(path: string, args: unknown, cursor: string): Place {
      const [listing, part, seq, madeSec] = open(cursor, key)
      const tooOld = lifeSec() > 0 && Number(madeSec) + lifeSec() < clock.nowSec()
      if (listing !== listingOf(path, args) || tooOld) throw new WecomFault(50100)
      return { part: Number(part), seq: Number(seq) }
    },
  }
}

function open(cursor: string, key: KeyObject): unknown[] {
  try {
    const bytes = Buffer.from(cursor, 'base64url')
    const decipher = createDecipheriv('aes-128-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 }).setAuthTag(
      bytes.subarray(12, 28),
    )
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()) as unknown[]
  } catch {
    throw new WecomFault(50100)
  }
}
