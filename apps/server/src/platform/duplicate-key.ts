import { mongo } from 'mongoose'

/** Whether a write failed because a document with the same unique key is there already. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === 11_000
