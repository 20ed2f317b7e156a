import { createHash, randomInt, timingSafeEqual } from 'node:crypto'

import { trusted, type Connection } from 'mongoose'

import type { Clock } from '../deps.ts'
import { firstAdminCodeModel, type FirstAdminCode } from './first-admin.model.ts'
import type { RightsService } from './rights.service.ts'

export const codeLifeMs = 15 * 60_000
const mostTries = 10
// Without letters and digits that look alike: it is read from one screen and typed on another.
const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const codeLength = 12

type Deps = { db: Connection; rights: Pick<RightsService, 'hasOwner'>; clock: Clock }

const hashOf = (code: string) =>
  createHash('sha256')
    .update(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''))
    .digest('hex')
const isEqual = (a: string, b: string) => timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))

/** The way in before there is an owner: a code that whoever starts the server sees, once, for a quarter of an hour. */
export function createFirstAdminService({ db, rights, clock }: Deps) {
  const codes = firstAdminCodeModel(db)

  return {
    /** Makes a code in place of the one before. @returns null when there is an owner already */
    async issue(corpId: string): Promise<string | null> {
      if (await rights.hasOwner(corpId)) return null
      const letters = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('')
      const code = letters.match(/.{4}/g)?.join('-') ?? letters
      const row = { codeHash: hashOf(code), endsAt: new Date(clock.now().getTime() + codeLifeMs), triesLeft: mostTries }
      await codes.updateOne({ _id: corpId }, { $set: row }, { upsert: true }).exec()
      return code
    },

    /** Whether a code could let somebody in now. */
    isOpen: async (corpId: string): Promise<boolean> => !(await rights.hasOwner(corpId)),

    /** Takes the code, which is good once. Each try counts, also a wrong one. */
    async redeem(corpId: string, code: string): Promise<boolean> {
      const row = await codes
        .findOneAndUpdate(
          { _id: corpId, endsAt: trusted({ $gt: clock.now() }), triesLeft: trusted({ $gt: 0 }) },
          { $inc: { triesLeft: -1 } },
        )
        .lean<FirstAdminCode>()
        .exec()
      if (!row || !isEqual(row.codeHash, hashOf(code)) || (await rights.hasOwner(corpId))) return false
      const { deletedCount } = await codes.deleteOne({ _id: corpId, codeHash: row.codeHash }).exec()
      return deletedCount === 1
    },
  }
}

export type FirstAdminService = ReturnType<typeof createFirstAdminService>
