import { Type, type Static } from 'typebox'

export const panelLanguages = ['zh-CN', 'zh-TW', 'en'] as const
const Language = Type.Enum([...panelLanguages])

/** What a corp may choose about the panel; quiet hours and caps are `ContactRules`. */
export const PanelSettings = Type.Object(
  {
    brand: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 40 }),
        /** `#rrggbb`, dark enough for white words on it; empty for our own. */
        accent: Type.String({ pattern: '^(#[0-9a-f]{6})?$' }),
      },
      { additionalProperties: false },
    ),
    /** Languages the sidebar offers; the first one is for whom none of them fits. */
    languages: Type.Array(Language, { minItems: 1, maxItems: 3, uniqueItems: true }),
    /** Hosts that pictures in the sidebar may come from, beside our own and WeChat's; empty: any https host. */
    imageHosts: Type.Array(Type.String({ maxLength: 253, pattern: '^(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)+$' }), {
      maxItems: 50,
      uniqueItems: true,
    }),
    retention: Type.Object(
      {
        /** Days that handled WeCom events are kept; as long as one is here, the same packet has no second effect. */
        callbackDays: Type.Integer({ minimum: 7, maximum: 30 }),
        /** Days that events which were given up are kept. */
        deadLetterDays: Type.Integer({ minimum: 7, maximum: 90 }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type PanelSettings = Static<typeof PanelSettings>
