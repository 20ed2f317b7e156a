/** Who calls, in the columns of the matrix. */
export const principals = [
  'anonymous',
  'forged',
  'expired',
  'otherGuide',
  'follower',
  'otherManager',
  'manager',
  'owner',
  'otherCorp',
  'apiKey',
] as const
export type Principal = (typeof principals)[number]

/** `in`: past the guard, whatever is said then of what was asked for · a number: exactly this status. */
export type Answer = 'in' | number | readonly number[]
type Row = Record<Principal, Answer>

const row = (
  strangers: Answer,
  guides: { other: Answer; follower: Answer },
  admins: { otherManager: Answer; manager: Answer; owner: Answer; otherCorp: Answer },
  apiKey: Answer,
): Row => ({
  anonymous: strangers,
  forged: strangers,
  expired: strangers,
  otherGuide: guides.other,
  follower: guides.follower,
  ...admins,
  apiKey,
})
const everybody = (answer: Answer): Row =>
  row(
    answer,
    { other: answer, follower: answer },
    { otherManager: answer, manager: answer, owner: answer, otherCorp: answer },
    answer,
  )
const noGuide = { other: 401, follower: 401 }
const noAdmin = { otherManager: 401, manager: 401, owner: 401, otherCorp: 401 }
/** A body that says nothing is refused before the object is looked for; what matters is that nothing comes of it. */
const notThere = [400, 404] as const

/** What each kind of route answers to whom. */
export const classes = {
  /** Anybody; gives away nothing. */
  open: everybody('in'),
  /** Back from WeCom: without a state of this browser nobody is let in. */
  back: everybody([302, 400, 401]),
  /** Only with the ops token, which none of them has. */
  ops: everybody(404),
  /** Proof is a signature, whatever else comes along. */
  signed: everybody([400, 403, 404, 413, 415]),
  /** A guide's own things. */
  guide: row(401, { other: 'in', follower: 'in' }, noAdmin, 403),
  /** One customer, for who follows him now. */
  guideCustomer: row(401, { other: notThere, follower: 'in' }, noAdmin, 403),
  /** Every admin, whatever role. */
  admin: row(401, noGuide, { otherManager: 'in', manager: 'in', owner: 'in', otherCorp: 'in' }, 403),
  /** Only who may see or change the whole corp. */
  corp: row(401, noGuide, { otherManager: 403, manager: 403, owner: 'in', otherCorp: 'in' }, 403),
  /** One thing of one store, seen in that store and above. */
  storeThing: row(401, noGuide, { otherManager: 404, manager: 'in', owner: 'in', otherCorp: 404 }, 403),
  /** The same, where a body that says nothing is refused first. */
  storeThingWrite: row(401, noGuide, { otherManager: notThere, manager: 'in', owner: 'in', otherCorp: notThere }, 403),
  /** One thing that only who has the whole corp changes. */
  corpThing: row(401, noGuide, { otherManager: 403, manager: 403, owner: 'in', otherCorp: notThere }, 403),
  /** An API key with the scope. */
  key: row(401, { other: 403, follower: 403 }, { otherManager: 403, manager: 403, owner: 403, otherCorp: 403 }, 'in'),
} satisfies Record<string, Row>
export type RouteClass = keyof typeof classes

const readsOf = (kind: string) => [
  `GET /api/admin/content/${kind}`,
  `POST /api/admin/content/${kind}/check`,
  `GET /api/admin/content/${kind}/folders`,
  `GET /api/admin/content/${kind}/:itemId`,
  `GET /api/admin/content/${kind}/:itemId/versions`,
]
const writesOf = (kind: string) => [
  `POST /api/admin/content/${kind}`,
  `POST /api/admin/content/${kind}/bulk`,
  `PUT /api/admin/content/${kind}/folders`,
  `POST /api/admin/content/${kind}/folders/rename`,
  `PUT /api/admin/content/${kind}/:itemId`,
  `POST /api/admin/content/${kind}/:itemId/steps`,
  `POST /api/admin/content/${kind}/:itemId/roll-back`,
]
const contentKinds = ['replies', 'cards', 'knowledge', 'articles']

/** Every route by hand: what the code says of itself cannot judge the code. */
const routesOf: Record<RouteClass, string[]> = {
  open: [
    'GET /livez',
    'GET /sidebar',
    'GET /sidebar/',
    'GET /sidebar/assets/*',
    'GET /sidebar/icon.svg',
    'GET /admin',
    'GET /admin/*',
    'GET /admin/assets/*',
    'GET /admin/icon.svg',
    'GET /admin/auth/start',
    'GET /admin/auth/first-admin',
    'GET /media/:assetId',
    'GET /r/:token',
    'GET /WW_verify_:rest',
    'GET /reference',
    'GET /reference/',
    'GET /reference/*',
    'GET /reference/json',
    'GET /reference/yaml',
    'GET /reference/openapi.json',
    'GET /reference/openapi.yaml',
    'GET /reference/static/*',
    'GET /reference/static/index.html',
    'GET /reference/static/swagger-initializer.js',
    'GET /reference/static/theme/*',
    'GET /doctor-probe/:word',
  ],
  back: ['GET /sidebar/auth/callback', 'GET /admin/auth/callback'],
  ops: ['GET /readyz', 'GET /metrics'],
  signed: ['GET /wecom/callback/:corpId', 'POST /wecom/callback/:corpId', 'POST /admin/auth/first-admin'],
  guide: [
    'POST /api/sidebar/js-signatures',
    'GET /api/sidebar/tag-groups',
    'GET /api/sidebar/quick-replies',
    'POST /api/sidebar/quick-replies',
    'PUT /api/sidebar/quick-replies/:replyId',
    'DELETE /api/sidebar/quick-replies/:replyId',
    'GET /api/sidebar/quick-replies/marks',
    'PUT /api/sidebar/quick-replies/order',
    'POST /api/sidebar/quick-replies/:replyId/copy',
    'POST /api/sidebar/quick-replies/:replyId/proposal',
    'PUT /api/sidebar/quick-replies/:replyId/expiry',
    'GET /api/sidebar/cards',
    'GET /api/sidebar/card-suggestions',
    'POST /api/sidebar/tags',
    'GET /api/sidebar/context',
    'GET /api/sidebar/sends',
    'GET /api/sidebar/sends/history',
    'POST /api/sidebar/sends',
    'POST /api/sidebar/sends/:sendId/outcome',
    'GET /api/sidebar/follow-ups',
    'POST /api/sidebar/follow-ups/:followUpId/done',
    'POST /api/sidebar/follow-ups/:followUpId/postpone',
    'GET /api/sidebar/my-day',
    'GET /api/sidebar/guide-tasks',
    'GET /api/sidebar/guide-tasks/:taskId/customers',
    'GET /api/sidebar/knowledge',
    'GET /api/sidebar/articles',
    'GET /api/sidebar/stock',
    'POST /api/sidebar/item-requests',
    'GET /api/sidebar/results',
    'POST /api/sidebar/client-reports',
    'POST /api/sidebar/logout',
    'PUT /api/sidebar/language',
  ],
  guideCustomer: [
    'PUT /api/sidebar/customers/:externalUserId/tags',
    'PUT /api/sidebar/customers/:externalUserId/remark',
    'GET /api/sidebar/customers/:externalUserId/tag-care',
    'PUT /api/sidebar/customers/:externalUserId/tags/:tagId/verdict',
    'GET /api/sidebar/customers/:externalUserId/timeline',
    'GET /api/sidebar/customers/:externalUserId/notes',
    'POST /api/sidebar/customers/:externalUserId/notes',
    'PUT /api/sidebar/customers/:externalUserId/notes/:noteId',
    'DELETE /api/sidebar/customers/:externalUserId/notes/:noteId',
    'POST /api/sidebar/customers/:externalUserId/notes/:noteId/reveal',
    'POST /api/sidebar/customers/:externalUserId/follow-ups',
    'GET /api/sidebar/customers/:externalUserId/profile',
    'PUT /api/sidebar/customers/:externalUserId/contact-preferences',
    'GET /api/sidebar/customers/:externalUserId/matches',
    'POST /api/sidebar/customers/:externalUserId/matches',
    'POST /api/sidebar/customers/:externalUserId/next-action/put-away',
  ],
  admin: [
    'GET /api/admin/me',
    'GET /api/admin/people',
    'GET /api/admin/departments',
    'DELETE /api/admin/view-as',
    'POST /api/admin/logout',
    'GET /api/admin/customers',
    'GET /api/admin/tag-batches',
    'POST /api/admin/tag-batches/forecast',
    'GET /api/admin/tag-batches/:batchId',
    'GET /api/admin/tag-batches/:batchId/rows',
    'PUT /api/admin/segments/:segmentId',
    'DELETE /api/admin/segments/:segmentId',
    'GET /api/admin/customers/count',
    'GET /api/admin/customers/choices',
    'GET /api/admin/segments',
    'POST /api/admin/segments',
    'POST /api/admin/segments/preview',
    'POST /api/admin/segments/explain',
    'GET /api/admin/tags',
    ...contentKinds.flatMap((kind) => [...readsOf(kind), ...writesOf(kind)]),
    'GET /api/admin/home',
    'GET /api/admin/guide-tasks',
    'POST /api/admin/guide-tasks',
    'GET /api/admin/content-setting',
    'GET /api/admin/content-variables',
    'POST /api/admin/media',
    'POST /api/admin/media/files',
    'POST /api/admin/reply-imports',
    'GET /api/admin/reply-imports',
    'GET /api/admin/reply-imports/:importId',
    'PUT /api/admin/reply-imports/:importId/mapping',
    'GET /api/admin/reply-imports/:importId/rows',
    'POST /api/admin/reply-imports/:importId/commit',
    'POST /api/admin/reply-imports/:importId/undo',
    'GET /api/admin/reply-imports/:importId/rejects',
  ],
  corp: [
    'GET /api/admin/content/replies/export',
    'PUT /api/admin/content-rules',
    'PUT /api/admin/mini-programs',
    'POST /api/admin/tag-merges',
    'POST /api/admin/tag-groups',
    'PUT /api/admin/tag-groups/order',
    'PUT /api/admin/tag-groups/:groupId',
    'PUT /api/admin/tag-groups/:groupId/sensitivity',
    'DELETE /api/admin/tag-groups/:groupId',
    'POST /api/admin/tag-groups/:groupId/tags',
    'PUT /api/admin/tag-groups/:groupId/order',
    'PUT /api/admin/tags/:tagId',
    'DELETE /api/admin/tags/:tagId',
    'PUT /api/admin/tags/:tagId/direction',
    'GET /api/admin/customer-exports',
    'POST /api/admin/customer-exports',
    'GET /api/admin/customer-exports/:exportId/file',
    'POST /api/admin/tag-batches',
    'POST /api/admin/tag-batches/:batchId/stop',
    'POST /api/admin/tag-batches/:batchId/undo',
    'GET /api/admin/sync',
    'POST /api/admin/sync',
    'GET /api/admin/sync/guides',
    'GET /api/admin/sync/report',
    'POST /api/admin/sync/report/:userId/confirm',
    'POST /api/admin/sync/report/:userId/reject',
    'GET /api/admin/api-budget',
    'GET /api/admin/jobs',
    'GET /api/admin/jobs/dead',
    'POST /api/admin/jobs/dead/retry',
    'GET /api/admin/doctor',
    'GET /api/admin/set-up',
    'PUT /api/admin/set-up/progress',
    'PUT /api/admin/set-up/credentials',
    'POST /api/admin/set-up/callback',
    'PUT /api/admin/set-up/callback',
    'PUT /api/admin/set-up/verify-file',
    'POST /api/admin/set-up/mini-program-test',
    'GET /api/admin/callbacks',
    'GET /api/admin/callbacks/dead-letters',
    'POST /api/admin/callbacks/dead-letters/:id/retry',
    'POST /api/admin/callbacks/arm',
    'GET /api/admin/contact-rules',
    'PUT /api/admin/contact-rules',
    'GET /api/admin/action-rules',
    'PUT /api/admin/action-rules',
    'PUT /api/admin/knowledge',
    'DELETE /api/admin/knowledge/:articleId',
    'PUT /api/admin/articles',
    'DELETE /api/admin/articles/:articleId',
    'GET /api/admin/item-requests',
    'GET /api/admin/reply-proposals',
    'POST /api/admin/reply-proposals/:proposalId/decision',
    'PUT /api/admin/quick-replies/:replyId/expiry',
    'GET /api/admin/audit',
    'GET /api/admin/audit/verdict',
    'GET /api/admin/audit/export',
    'GET /api/admin/settings',
    'PUT /api/admin/settings',
    'POST /api/admin/view-as',
  ],
  storeThing: [
    'GET /api/admin/people/:userId',
    'GET /api/admin/customers/:externalUserId',
    'GET /api/admin/customers/:externalUserId/timeline',
  ],
  storeThingWrite: ['POST /api/admin/customers/:externalUserId/phones'],
  corpThing: [
    'PUT /api/admin/departments/:departmentId/store',
    'PUT /api/admin/people/:userId/role',
    'DELETE /api/admin/people/:userId/role',
  ],
  key: [
    'POST /open/v1/orders',
    'POST /open/v1/card-opens',
    'PUT /open/v1/customers/:externalUserId/profile',
    'PUT /open/v1/members/:memberNo',
    'PUT /open/v1/stock',
  ],
}

const classByRoute = new Map(
  (Object.entries(routesOf) as [RouteClass, string[]][]).flatMap(([name, routes]) =>
    routes.map((route) => [route, name] as const),
  ),
)

/** @returns undefined for a route that nobody has written down here: that is a fault */
export function classOf(method: string, url: string): RouteClass | undefined {
  return classByRoute.get(`${method === 'HEAD' ? 'GET' : method} ${url}`)
}

export function fits(answer: Answer, status: number): boolean {
  if (answer === 'in') return status < 500 && status !== 401 && status !== 403
  return typeof answer === 'number' ? status === answer : answer.includes(status)
}
