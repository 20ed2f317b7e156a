import { panelLanguages, type PanelLanguage } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

/** How a guide wants to be spoken to where no panel is open. */
export type GuidePreference = {
  /** `corpId/userId` */
  _id: string
  corpId: string
  userId: string
  language: PanelLanguage
  updatedAt: Date
}

const guidePreferenceSchema = new Schema<GuidePreference>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    language: { type: String, enum: panelLanguages, required: true },
    updatedAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'guidePreferences' },
)

export const guidePreferenceModel = (db: Connection) => db.model('GuidePreference', guidePreferenceSchema)
