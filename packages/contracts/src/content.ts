import { Type, type Static, type TSchema } from 'typebox'

import { SaveArticle } from './articles.ts'
import { Moment, ObjectIdText } from './ids.ts'
import { SaveKnowledgeArticle } from './knowledge.ts'
import { CardKind } from './mini-program-cards.ts'
import { NextPage, pageFields } from './paging.ts'
import { ReplyScope, SaveQuickReply } from './quick-replies.ts'

export const contentKinds = ['replies', 'cards', 'knowledge', 'articles'] as const
/** What the desk of the admin panel keeps: quick replies, mini-program cards, knowledge, articles. */
export const ContentKind = Type.Enum(contentKinds)
export type ContentKind = (typeof contentKinds)[number]

const FolderName = Type.String({ maxLength: 30 })
/** A calendar day in Beijing. */
const Day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })

/** A card as it is written: what fails in a chat is found by the check, not by this shape. */
export const CardContent = Type.Object(
  {
    folder: FolderName,
    kind: CardKind,
    title: Type.String({ minLength: 1, maxLength: 64 }),
    /** A picture of ours; wins over `coverUrl`. */
    coverAssetId: Type.Union([ObjectIdText, Type.Null()]),
    coverUrl: Type.Union([Type.String({ maxLength: 2048, pattern: '^https?://' }), Type.Null()]),
    appId: Type.String({ maxLength: 40 }),
    pathTemplate: Type.String({ maxLength: 2048 }),
    sku: Type.String({ maxLength: 64 }),
    priceFen: Type.Union([Type.Integer({ minimum: 0, maximum: 100_000_000 }), Type.Null()]),
  },
  { additionalProperties: false },
)
export type CardContent = Static<typeof CardContent>
export const ArticleContent = Type.Object(
  { folder: FolderName, ...SaveArticle.properties },
  { additionalProperties: false },
)
export type ArticleContent = Static<typeof ArticleContent>

/** What each kind is written in. */
export const contentSchemas = {
  replies: SaveQuickReply,
  cards: CardContent,
  knowledge: SaveKnowledgeArticle,
  articles: ArticleContent,
} as const satisfies Record<ContentKind, TSchema>
export type ContentOf = { [K in ContentKind]: Static<(typeof contentSchemas)[K]> }
export type AnyContent = ContentOf[ContentKind]

/** draft: never published · review: waits for a second person · published · archived: gone for the guides. */
export const contentStates = ['draft', 'review', 'published', 'archived'] as const
export const ContentState = Type.Enum(contentStates)
export type ContentState = (typeof contentStates)[number]

/** How much of WeCom's room something takes, or why it would fail in a chat: words in the reader's language. */
export const ContentFinding = Type.Object({
  id: Type.String(),
  /** JSON pointer into the content; empty when it is about the whole. */
  at: Type.String(),
  cause: Type.String(),
  fix: Type.String(),
})
export type ContentFinding = Static<typeof ContentFinding>
export const ContentFindings = Type.Object({ findings: Type.Array(ContentFinding) })
export type ContentFindings = Static<typeof ContentFindings>

export const ContentRow = Type.Object({
  id: ObjectIdText,
  folder: Type.String(),
  title: Type.String(),
  scope: ReplyScope,
  storeId: Type.String(),
  storeName: Type.String(),
  /** Who answers for it: the author, or the guide of a personal reply. */
  ownerUserId: Type.String(),
  ownerName: Type.String(),
  /** What guides have of it now. */
  state: ContentState,
  /** A change that is not published yet: being written, or waiting for a second person. */
  change: Type.Union([Type.Literal('draft'), Type.Literal('review'), Type.Null()]),
  /** Sent in the last 30 days, by everybody. */
  uses: Type.Integer(),
  expiresOn: Type.Union([Day, Type.Null()]),
  version: Type.Integer(),
  updatedAt: Moment,
  /** One line of what it says, or the address of its picture. */
  summary: Type.String(),
  pictureUrl: Type.Union([Type.String(), Type.Null()]),
})
export type ContentRow = Static<typeof ContentRow>
export const ContentPage = Type.Object({ rows: Type.Array(ContentRow), next: NextPage })
export type ContentPage = Static<typeof ContentPage>

export const ContentQuery = Type.Object(
  {
    ...pageFields,
    /** Characters, pinyin, initials or a mixture; all words must fit. */
    q: Type.Optional(Type.String({ maxLength: 60 })),
    scope: Type.Optional(ReplyScope),
    storeId: Type.Optional(Type.String({ maxLength: 40 })),
    folder: Type.Optional(FolderName),
    state: Type.Optional(ContentState),
    expiry: Type.Optional(Type.Union([Type.Literal('over'), Type.Literal('soon')])),
    /** Nobody sent it for 90 days. */
    unused: Type.Optional(Type.Literal('yes')),
  },
  { additionalProperties: false },
)
export type ContentQuery = Static<typeof ContentQuery>

export const ContentParams = Type.Object({ itemId: ObjectIdText }, { additionalProperties: false })
const edit = Type.Integer({ minimum: 0 })

/** What one may do with an item, so that no button is there that would be refused. */
const ContentRights = Type.Object({ write: Type.Boolean(), publish: Type.Boolean() })
const Release = Type.Object({
  number: Type.Integer(),
  byName: Type.String(),
  /** Who let it pass; empty when one person was enough. */
  approvedByName: Type.String(),
  at: Moment,
  why: Type.Enum(['published', 'rolled-back', 'imported', 'undone', 'direct']),
  /** The version that was brought back. */
  from: Type.Union([Type.Integer(), Type.Null()]),
})
export type ContentRelease = Static<typeof Release>

export const toContentItem = <T extends TSchema>(content: T) =>
  Type.Object({
    row: ContentRow,
    /** Counts every change; sent back, so that nobody overwrites what he has not seen. */
    edit,
    /** What guides have; null when it was never published. */
    live: Type.Union([content, Type.Null()]),
    /** What is being written; null when there is no change. */
    work: Type.Union([
      Type.Object({
        content,
        expiresOn: Type.Union([Day, Type.Null()]),
        byName: Type.String(),
        at: Moment,
        /** Why it came back from review; empty otherwise. */
        refusedBecause: Type.String(),
      }),
      Type.Null(),
    ]),
    rights: ContentRights,
    /** Addresses of the pictures of ours that it names, by asset id. */
    pictures: Type.Record(Type.String(), Type.String()),
  })
export type ContentItem<K extends ContentKind = ContentKind> = {
  row: ContentRow
  edit: number
  live: ContentOf[K] | null
  work: {
    content: ContentOf[K]
    expiresOn: string | null
    byName: string
    at: string
    refusedBecause: string
  } | null
  rights: Static<typeof ContentRights>
  pictures: Record<string, string>
}

/** @param content schema of the kind */
export const toSaveContent = <T extends TSchema>(content: T) =>
  Type.Object(
    { content, expiresOn: Type.Union([Day, Type.Null()]), edit: Type.Optional(edit) },
    { additionalProperties: false },
  )
export const toCreateContent = <T extends TSchema>(content: T) =>
  Type.Object(
    {
      content,
      expiresOn: Type.Union([Day, Type.Null()]),
      /** Empty for everybody; only replies may belong to one store. */
      storeId: Type.String({ maxLength: 40, default: '' }),
    },
    { additionalProperties: false },
  )
export type SaveContent<K extends ContentKind = ContentKind> = {
  content: ContentOf[K]
  expiresOn: string | null
  edit?: number
}
export type CreateContent<K extends ContentKind = ContentKind> = {
  content: ContentOf[K]
  expiresOn: string | null
  storeId: string
}

export const contentSteps = ['submit', 'publish', 'refuse', 'discard', 'archive', 'restore'] as const
/**
 * submit: asks for a second person · publish: guides have it at once · refuse: back to its author with a reason ·
 * discard: the change is given up · archive and restore: gone for the guides, and back.
 */
export const TakeContentStep = Type.Object(
  { step: Type.Enum(contentSteps), edit, reason: Type.Optional(Type.String({ maxLength: 200 })) },
  { additionalProperties: false },
)
export type TakeContentStep = Static<typeof TakeContentStep>
export type ContentStep = (typeof contentSteps)[number]

export const RollBackContent = Type.Object(
  { number: Type.Integer({ minimum: 0 }), edit },
  { additionalProperties: false },
)
export type RollBackContent = Static<typeof RollBackContent>

/** The newest first. */
export const toContentVersions = <T extends TSchema>(content: T) =>
  Type.Object({ versions: Type.Array(Type.Object({ release: Release, content })) })
export type ContentVersions<K extends ContentKind = ContentKind> = {
  versions: { release: ContentRelease; content: ContentOf[K] }[]
}

export const bulkSteps = ['move', 'submit', 'publish', 'archive', 'restore'] as const
/** The same for many: what cannot be done is told row by row, the others are done. */
export const BulkContent = Type.Object(
  {
    itemIds: Type.Array(ObjectIdText, { minItems: 1, maxItems: 200, uniqueItems: true }),
    step: Type.Enum(bulkSteps),
    folder: Type.Optional(FolderName),
  },
  { additionalProperties: false },
)
export type BulkContent = Static<typeof BulkContent>
export const BulkResult = Type.Object({
  done: Type.Array(ObjectIdText),
  refused: Type.Array(Type.Object({ id: ObjectIdText, title: Type.String(), code: Type.String() })),
})
export type BulkResult = Static<typeof BulkResult>

/** In the order guides see them; the empty name is «without a folder». */
export const FolderList = Type.Object({
  folders: Type.Array(Type.Object({ name: Type.String(), count: Type.Integer() })),
})
export type FolderList = Static<typeof FolderList>
export const OrderFolders = Type.Object(
  { names: Type.Array(Type.String({ minLength: 1, maxLength: 30 }), { maxItems: 200, uniqueItems: true }) },
  { additionalProperties: false },
)
export type OrderFolders = Static<typeof OrderFolders>
export const RenameFolder = Type.Object(
  { from: Type.String({ minLength: 1, maxLength: 30 }), to: FolderName },
  { additionalProperties: false },
)
export type RenameFolder = Static<typeof RenameFolder>

export const ContentRules = Type.Object({
  /** Nobody publishes what he wrote himself. */
  needsSecondPerson: Type.Boolean(),
})
export type ContentRules = Static<typeof ContentRules>
export const SaveContentRules = Type.Object({ ...ContentRules.properties }, { additionalProperties: false })

/** How many customers inside one's own reach have a value for each variable. */
export const VariableCoverage = Type.Object({
  customers: Type.Integer(),
  variables: Type.Array(
    Type.Object({
      name: Type.String(),
      needsFallback: Type.Boolean(),
      /** Customers who have a value; as many as there are when it never lacks one. */
      known: Type.Integer(),
    }),
  ),
  asOf: Moment,
})
export type VariableCoverage = Static<typeof VariableCoverage>

/** Stores one may write for, and mini programs whose cards WeCom takes. */
export const ContentSetting = Type.Object({
  stores: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  /** Whether one may write for everybody. */
  forEverybody: Type.Boolean(),
  programs: Type.Array(Type.Object({ appId: Type.String(), name: Type.String() })),
  rules: ContentRules,
  /** Whether one may change the rules. */
  mayRule: Type.Boolean(),
})
export type ContentSetting = Static<typeof ContentSetting>

export const LinkProgram = Type.Object(
  { appId: Type.String({ pattern: '^wx[0-9a-f]{16}$' }), name: Type.String({ minLength: 1, maxLength: 40 }) },
  { additionalProperties: false },
)
export type LinkProgram = Static<typeof LinkProgram>

/** cover: cut to a card's 5:4. */
export const MediaQuery = Type.Object(
  { use: Type.Union([Type.Literal('picture'), Type.Literal('cover')], { default: 'picture' }) },
  { additionalProperties: false },
)
export const KeptMedia = Type.Object({
  assetId: ObjectIdText,
  url: Type.String(),
  width: Type.Integer(),
  height: Type.Integer(),
  bytes: Type.Integer(),
})
export type KeptMedia = Static<typeof KeptMedia>
/** fileBytes: what WeCom takes of a film; of other files it takes more, but a chat is no place for them. */
export const mediaLimits = {
  uploadBytes: 8_000_000,
  keptBytes: 2_000_000,
  fileBytes: 10_000_000,
  megapixels: 40,
} as const

/** The name a customer will see, with its ending. */
export const FileQuery = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }) },
  { additionalProperties: false },
)
/** A document or a film as it was kept. */
export const KeptFile = Type.Object({
  assetId: ObjectIdText,
  url: Type.String(),
  kind: Type.Union([Type.Literal('file'), Type.Literal('video')]),
  name: Type.String(),
  bytes: Type.Integer(),
})
export type KeptFile = Static<typeof KeptFile>

export const LocaleQuery = Type.Object(
  {
    locale: Type.Union([Type.Literal('zh-CN'), Type.Literal('zh-TW'), Type.Literal('en')], { default: 'zh-CN' }),
  },
  { additionalProperties: false },
)
export type WordLocale = Static<typeof LocaleQuery>['locale']
