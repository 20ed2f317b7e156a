import type { Connection } from 'mongoose'

import { isTaken } from './duplicate-key.ts'

/**
 * Inserts what is not there yet, in one go. The bare command: the driver's own bulk insert measures every document
 * before it writes it, which takes as long as the writing.
 * @param rows up to some thousand small documents
 * @returns the rows whose key was taken by then
 * @throws TypeError when any other row could not be written, or the driver's error
 */
export async function insertNew<R extends { _id: string }>(
  db: Connection,
  collection: string,
  rows: R[],
): Promise<R[]> {
  if (rows.length === 0) return []
  const answer = await db.db?.command({
    insert: collection,
    documents: rows,
    ordered: false,
    // Where the majority counts it has the journal with it. A single server need not flush each batch: it keeps the
    // order of its journal, and what is written behind this to build on it is lost with it or not at all.
    writeConcern: { w: 'majority' },
  })
  const { writeErrors = [], writeConcernError } = answer as InsertAnswer
  const other = writeErrors.find((failure) => !isTaken(failure)) ?? writeConcernError
  if (other) throw new TypeError(`insert into ${collection} failed with ${other.code}`)
  return writeErrors.flatMap(({ index }) => rows[index] ?? [])
}

type InsertAnswer = { writeErrors?: { index: number; code: number }[]; writeConcernError?: { code: number } }
