import { Type, type Static } from 'typebox'

import { panelLanguages } from './settings.ts'

/** Languages the panel and the messages to guides are written in. */
export const PanelLanguage = Type.Enum(panelLanguages)
export type PanelLanguage = (typeof panelLanguages)[number]

export const SaveLanguage = Type.Object({ language: PanelLanguage }, { additionalProperties: false })
export type SaveLanguage = Static<typeof SaveLanguage>
