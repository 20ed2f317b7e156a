import type { Birthday, CustomerCoupon } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

export type Coupon = Omit<CustomerCoupon, 'expiresAt' | 'redeemedAt'> & { expiresAt: Date; redeemedAt: Date | null }

/** What the firm's CRM knows of a person. */
export type MemberFacts = {
  tier: string
  birthday: Birthday | null
  preferences: string[]
  coupons: Coupon[]
  phoneTail: string
}

export type Profile = MemberFacts & {
  /** `corpId/externalUserId` */
  _id: string
  corpId: string
  externalUserId: string
  memberNo: string
  doNotDisturb: boolean
  openTracking: boolean
  /** When the CRM knew this; the beginning of time when it told nothing. */
  asOf: Date
}

/** A member of the CRM, and whose customer it is once a guide has confirmed that. */
export type Member = MemberFacts & {
  /** `corpId/memberNo` */
  _id: string
  corpId: string
  memberNo: string
  maskedName: string
  externalUserId: string | null
  asOf: Date
}

const birthdaySchema = new Schema<Birthday>({ month: Number, day: Number, year: Number }, { _id: false })
const couponSchema = new Schema<Coupon>(
  {
    code: { type: String, required: true },
    name: { type: String, required: true },
    expiresAt: { type: Date, required: true },
    redeemedAt: { type: Date, default: null },
  },
  { _id: false },
)
const facts = {
  tier: { type: String, default: '' },
  birthday: { type: birthdaySchema, default: null },
  preferences: { type: [String], default: [] },
  coupons: { type: [couponSchema], default: [] },
  phoneTail: { type: String, default: '' },
}

const profileSchema = new Schema<Profile>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    memberNo: { type: String, default: '' },
    doNotDisturb: { type: Boolean, default: false },
    openTracking: { type: Boolean, default: true },
    ...facts,
    asOf: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'customerProfiles' },
)
export const profileModel = (db: Connection) => db.model('CustomerProfile', profileSchema)

const memberSchema = new Schema<Member>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    memberNo: { type: String, required: true },
    maskedName: { type: String, default: '' },
    externalUserId: { type: String, default: null },
    ...facts,
    asOf: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'members' },
)
// findUnmatched: members nobody is known to be, by the end of their phone number.
memberSchema.index({ corpId: 1, phoneTail: 1 }, { partialFilterExpression: { externalUserId: null } })
export const memberModel = (db: Connection) => db.model('Member', memberSchema)
