import { trusted, type Connection } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { memberModel, profileModel, type Member, type MemberFacts, type Profile } from './profile.model.ts'

type ProfileChange = Partial<Omit<Profile, '_id' | 'corpId' | 'externalUserId' | 'asOf'>>

const emptyFacts: MemberFacts = { tier: '', birthday: null, preferences: [], coupons: [], phoneTail: '' }
const emptyProfile = { memberNo: '', doNotDisturb: false, openTracking: true, ...emptyFacts }
const never = new Date(0)

/** What an upsert adds for the fields it does not set. */
const missingFrom = (all: object, given: object) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !(name in given)))

export function createProfileRepository(db: Connection) {
  const profiles = profileModel(db)
  const members = memberModel(db)
  const profileId = (corpId: string, externalUserId: string) => `${corpId}/${externalUserId}`
  const memberId = (corpId: string, memberNo: string) => `${corpId}/${memberNo}`

  return {
    find: (corpId: string, externalUserId: string): Promise<Profile | null> =>
      profiles.findById(profileId(corpId, externalUserId)).lean<Profile>().exec(),

    findMany: (corpId: string, externalUserIds: string[]): Promise<Profile[]> =>
      profiles
        .find({ _id: trusted({ $in: externalUserIds.map((id) => profileId(corpId, id)) }) })
        .lean<Profile[]>()
        .exec(),

    /** @returns false when what is stored is as new or newer */
    async saveIfNewer(corpId: string, externalUserId: string, change: ProfileChange, asOf: Date): Promise<boolean> {
      const _id = profileId(corpId, externalUserId)
      const onInsert = { corpId, externalUserId, ...missingFrom(emptyProfile, change) }
      try {
        const filter = { _id, asOf: trusted({ $lt: asOf }) }
        await profiles.updateOne(filter, { $set: { ...change, asOf }, $setOnInsert: onInsert }, { upsert: true })
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    /** Set by a guide, whatever the CRM said before. */
    async set(corpId: string, externalUserId: string, change: ProfileChange): Promise<void> {
      const onInsert = { corpId, externalUserId, asOf: never, ...missingFrom(emptyProfile, change) }
      await profiles.updateOne(
        { _id: profileId(corpId, externalUserId) },
        { $set: change, $setOnInsert: onInsert },
        { upsert: true },
      )
    },

    findMember: (corpId: string, memberNo: string): Promise<Member | null> =>
      members.findById(memberId(corpId, memberNo)).lean<Member>().exec(),

    /** @returns null when what is stored is as new or newer */
    async saveMember(
      corpId: string,
      memberNo: string,
      change: Partial<MemberFacts> & { maskedName: string },
      asOf: Date,
    ): Promise<Member | null> {
      const onInsert = { corpId, memberNo, externalUserId: null, ...missingFrom(emptyFacts, change) }
      try {
        return await members
          .findOneAndUpdate(
            { _id: memberId(corpId, memberNo), asOf: trusted({ $lt: asOf }) },
            { $set: { ...change, asOf }, $setOnInsert: onInsert },
            { upsert: true, returnDocument: 'after' },
          )
          .lean<Member>()
          .exec()
      } catch (error) {
        if (isDuplicateKey(error)) return null
        throw error
      }
    },

    findUnmatched: (corpId: string, phoneTail: string, limit: number): Promise<Member[]> =>
      members.find({ corpId, phoneTail, externalUserId: null }).sort({ _id: 1 }).limit(limit).lean<Member[]>().exec(),

    /** Gives a member to a customer. @returns null when it is another one's already, or unknown */
    linkMember: (corpId: string, memberNo: string, externalUserId: string): Promise<Member | null> =>
      members
        .findOneAndUpdate(
          { _id: memberId(corpId, memberNo), externalUserId: trusted({ $in: [null, externalUserId] }) },
          { $set: { externalUserId } },
          { returnDocument: 'after' },
        )
        .lean<Member>()
        .exec(),
  }
}

export type ProfileRepository = ReturnType<typeof createProfileRepository>
export const noProfile = { ...emptyProfile, asOf: never }
