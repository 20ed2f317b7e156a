import { hash } from 'node:crypto'
import type { TruthDigest } from './control-contract.ts'

/**
 * One relation as a digest sees it. These four fields count, and nothing else: not description, company, phone
 * numbers, personal tags (type 2), `state`, `add_way`, times, nor anything of the customer or the guide.
 */
export interface DigestRow {
  /** As WeCom spells it: letters keep their case. */
  userId: string
  externalUserId: string
  /** As the guide wrote it; empty when there is none. */
  remark: string
  /** Corp tags and rule-group tags that exist, each once; order does not matter. */
  tagIds: readonly string[]
}

const BYTES = 16

const xorInto = (sum: Buffer, other: Buffer) => {
  for (let index = 0; index < BYTES; index += 1) sum[index] = (sum[index] ?? 0) ^ (other[index] ?? 0)
}

/** Takes relations, or digests of disjoint sets of them, one after the other; see `toRelationDigest`. */
export function createRelationDigest() {
  const sum = Buffer.alloc(BYTES)
  let relations = 0
  return {
    add({ userId, externalUserId, remark, tagIds }: DigestRow) {
      relations += 1
      xorInto(sum, hash('sha256', JSON.stringify([userId, externalUserId, remark, tagIds.toSorted()]), 'buffer'))
    },
    merge(other: TruthDigest) {
      relations += other.relations
      xorInto(sum, Buffer.from(other.digest, 'hex'))
    },
    result: (): TruthDigest => ({ relations, digest: sum.toString('hex') }),
  }
}

/**
 * One number over relations with their remarks and tags, the same in any order: two stores that hold the same relations
 * have the same digest, and digests of parts can be merged, such as one for each guide.
 *
 * The emulator counts what the customer calls tell: relations of members with customer contact in the visible range,
 * those whose customer deleted the guide among them (they stay, one-sided), half additions only where the settings
 * show them, and no guides who left. A database side that follows WeCom adds exactly its current relations.
 * @returns lower-case hex; the exclusive or of the first 16 bytes of each row's SHA-256 over the JSON text of
 *   `[userId, externalUserId, remark, sorted tag ids]`
 */
export function toRelationDigest(rows: Iterable<DigestRow>): TruthDigest {
  const digest = createRelationDigest()
  for (const row of rows) digest.add(row)
  return digest.result()
}
