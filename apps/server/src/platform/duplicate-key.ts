import { mongo } from 'mongoose'

const duplicateKey = 11_000

/** Whether a write failed because a document with the same unique key is there already. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && isTaken(error as { code?: unknown })

/** The same for one row of many, as the database names it in `writeErrors`. */
export const isTaken = ({ code }: { code?: unknown }): boolean => code === duplicateKey

/** Two first comers of an upsert insert at once: the later one finds the other's document at the second try. */
export async function upsertTwice<T>(upsert: () => Promise<T>): Promise<T> {
  try {
    return await upsert()
  } catch (error) {
    if (isDuplicateKey(error)) return upsert()
    throw error
  }
}

type WriteError = { index: number; code?: unknown }
type BulkFailure = {
  writeErrors?: WriteError | WriteError[]
  /** What became of the rows that were taken in: also there when only some rows failed. */
  result?: { getWriteConcernError?: () => unknown }
}

/**
 * @param insert an unordered insert of many rows
 * @returns the indexes of those whose key is taken; all others are written and acknowledged
 * @throws the insert's error when any row failed for another reason, or the written ones are not safe yet
 */
export async function findTaken(insert: () => Promise<unknown>): Promise<number[]> {
  try {
    await insert()
    return []
  } catch (error) {
    const { writeErrors = [], result } = error as BulkFailure
    const failures = [writeErrors].flat()
    if (failures.length === 0 || !failures.every(isTaken) || result?.getWriteConcernError?.()) throw error
    return failures.map(({ index }) => index)
  }
}
