import { hostname } from 'node:os'

import { createAuditLogService } from './features/audit/audit-log.service.ts'
import { createHomeFigures } from './features/admin-home/home.figures.ts'
import { createAdminHomeService } from './features/admin-home/admin-home.service.ts'
import { createCallbackAddressRepository } from './features/callbacks/callback-address.repository.ts'
import { createCallbackAdminService } from './features/callbacks/callback-admin.service.ts'
import { createCallbackEventRepository } from './features/callbacks/callback-event.repository.ts'
import { watchCallbacks } from './features/callbacks/callback.metrics.ts'
import { createCallbackAddress } from './features/callbacks/callback.address.ts'
import { createCallbackPresence } from './features/callbacks/callback.presence.ts'
import { createCallbackService } from './features/callbacks/callback.service.ts'
import { createWelcomeLane } from './features/callbacks/welcome.lane.ts'
import { createCorpWelcomeTexts, createWelcomeSendRepository } from './features/callbacks/welcome.repository.ts'
import { chatCallbacks } from './features/chats/chat.callbacks.ts'
import { createChatRepository } from './features/chats/chat.repository.ts'
import { createCorpSettingsService, type CorpSettingsService } from './features/corp-settings/corp-settings.service.ts'
import { createDoctorRepository } from './features/doctor/doctor.repository.ts'
import { createDoctorService } from './features/doctor/doctor.service.ts'
import { createDepartmentRepository } from './features/guides/department.repository.ts'
import { createGuideRepository } from './features/guides/guide.repository.ts'
import { guideCallbacks } from './features/guides/guide.callbacks.ts'
import { createGuideService } from './features/guides/guide.service.ts'
import { createDirectoryReader } from './features/guides/directory.reader.ts'
import { createStoreReader } from './features/guides/store.reader.ts'
import { createAssetRepository } from './features/media/asset.repository.ts'
import { createMediaService } from './features/media/media.service.ts'
import { createCardRepository } from './features/mini-program-cards/card.repository.ts'
import { createCardService } from './features/mini-program-cards/card.service.ts'
import { createIdempotencyRepository } from './features/orders/idempotency.repository.ts'
import { createIdempotencyService } from './features/orders/idempotency.service.ts'
import { createOrderFigures } from './features/orders/order.figures.ts'
import { createOrderRepository } from './features/orders/order.repository.ts'
import { createOrderService } from './features/orders/order.service.ts'
import { createPeopleService } from './features/people/people.service.ts'
import { createStoreProfileRepository } from './features/people/store-profile.repository.ts'
import { createQuickReplyRepository } from './features/quick-replies/quick-reply.repository.ts'
import { createQuickReplyService } from './features/quick-replies/quick-reply.service.ts'
import { createEntryJobs } from './features/customers/customer-entry.jobs.ts'
import { createEntryRepository } from './features/customers/customer-entry.repository.ts'
import { createEntrySources } from './features/customers/customer-entry.sources.ts'
import { createProfileRepository } from './features/customer-profiles/profile.repository.ts'
import { createOrderLookups } from './features/orders/order.lookups.ts'
import { createCustomerReader } from './features/relations/customer.reader.ts'
import { createCustomerRepository } from './features/relations/customer.repository.ts'
import { createSendLookups } from './features/sends/send.lookups.ts'
import { createFollowerReader } from './features/relations/follower.reader.ts'
import { createRelationEventRepository } from './features/relations/relation-event.repository.ts'
import { createRelationFigures } from './features/relations/relation.figures.ts'
import { createRelationRepository } from './features/relations/relation.repository.ts'
import { relationCallbacks } from './features/relations/relation.callbacks.ts'
import { createRelationService } from './features/relations/relation.service.ts'
import { createContentComposer } from './features/sends/send.content.ts'
import { createSendRepository } from './features/sends/send.repository.ts'
import { createSendService } from './features/sends/send.service.ts'
import { createUsageRepository } from './features/sends/usage.repository.ts'
import { createUsageService } from './features/sends/usage.service.ts'
import { createCareReader } from './features/relations/care.reader.ts'
import { createSettingsRepository } from './features/settings/settings.repository.ts'
import { createSettingsService } from './features/settings/settings.service.ts'
import { createSetUpRepository } from './features/set-up/set-up.repository.ts'
import { createSetUpService } from './features/set-up/set-up.service.ts'
import { createSidebarContextService } from './features/sidebar-context/sidebar-context.service.ts'
import { createJsSignatureService } from './features/sidebar-page/js-signature.service.ts'
import { createSignInAttemptRepository } from './features/sign-in/sign-in-attempt.repository.ts'
import { createSignInService } from './features/sign-in/sign-in.service.ts'
import { createSyncReportRepository } from './features/sync/sync-report.repository.ts'
import { createSyncRepository } from './features/sync/sync.repository.ts'
import { defineReconcileJob } from './features/sync/sync.jobs.ts'
import { createSyncService } from './features/sync/sync.service.ts'
import { createSensitiveGroupRepository } from './features/tags/sensitive-group.repository.ts'
import { createTagLibraryRepository } from './features/tags/tag-library.repository.ts'
import { tagCallbacks } from './features/tags/tag.callbacks.ts'
import { createTagService } from './features/tags/tag.service.ts'
import { createCustomerServices } from './customer-services.ts'
import { createDeskServices } from './desk-services.ts'
import { createPanelServices } from './panel-services.ts'
import { createApiKeyService } from './platform/api-keys.ts'
import { createAuditReader } from './platform/audit/audit.reader.ts'
import { createAuditService } from './platform/audit/audit.service.ts'
import type { PlatformDeps } from './platform/deps.ts'
import { createJobs } from './platform/jobs/jobs.ts'
import { createCan } from './platform/permissions.ts'
import { readTokenFacts } from './platform/mongo-token-store.ts'
import { createMetrics } from './platform/metrics/metrics.ts'
import { createEffects } from './platform/effects/effects.ts'
import { createLibraryStamps } from './platform/library-stamp.ts'
import { firstAdminUserId } from './platform/rights/first-admin.rights.ts'
import { createFirstAdminService } from './platform/rights/first-admin.service.ts'
import { createRightsService } from './platform/rights/rights.service.ts'
import { createRoleAssignmentRepository } from './platform/rights/role-assignment.repository.ts'
import { createFolderOrders } from './platform/shelf/folder-orders.ts'
import { createStoreOf } from './platform/shelf/store-of.ts'
import type { SessionKind } from './platform/sessions/session.model.ts'
import { createSessionService, type MemberKey } from './platform/sessions/session.service.ts'
import { createUpstreamService } from './platform/upstream/upstream.service.ts'
import { watchUpstream } from './platform/upstream/upstream.metrics.ts'
import { watchWork } from './work-gauges.ts'

/** Every feature's service, each given only what it needs. Repositories stay inside their feature. */
export function createServices(deps: PlatformDeps & { corpSettings?: CorpSettingsService }) {
  const { db, corps, config, clock, log } = deps
  const { publicUrl } = config
  const corpSettings =
    deps.corpSettings ?? createCorpSettingsService({ db, config, dataKeys: [], clock, apply: () => undefined })
  const stamps = createLibraryStamps(db)
  const folders = createFolderOrders(db)
  const apiKeys = createApiKeyService({ db, clock })
  const jobs = createJobs({ db, clock, log, holder: `${hostname()}:${process.pid}` })
  const effects = createEffects({ db, clock, log })
  const metrics = createMetrics()
  const upstream = createUpstreamService({ db, corps, clock, log })
  watchUpstream(metrics, corps)
  /** WeCom's time: for what WeCom has stamped, and for what it will read. */
  const correctedNow = (corpId: string) => corps.get(corpId)?.upstream.correctedNow() ?? clock.now()

  const guides = createGuideService({
    guides: createGuideRepository(db),
    departments: createDepartmentRepository(db),
    clock,
  })
  const audit = createAuditService({ db, clock })
  const stores = createStoreReader(db)
  const rights = createRightsService({
    assignments: createRoleAssignmentRepository(db),
    directory: stores,
    ownerUserIds: config.adminUserIds,
    currentCorpId: () => corps.default?.corpId ?? null,
    clock,
  })
  const firstAdmin = createFirstAdminService({ db, rights, clock })
  const checkMember = async (kind: SessionKind, key: MemberKey) => {
    if (kind === 'admin' && key.userId === firstAdminUserId) return (await rights.find(key)) && { epoch: 0 }
    const member = corps.get(key.corpId) && (await guides.find({ corpId: key.corpId, userId: key.userId }))
    const mayEnter =
      member?.status === 'active' && (kind === 'guide' ? member.canServe : (await rights.find(key)) !== null)
    return mayEnter ? { epoch: member.sessionEpoch } : null
  }
  const sessions = createSessionService({ db, clock, checkMember })
  const signIn = createSignInService({
    corps,
    attempts: createSignInAttemptRepository(db),
    sessions,
    guides,
    rights,
    audit,
    config,
    clock,
  })

  const tags = createTagService({
    libraries: createTagLibraryRepository(db),
    sensitive: createSensitiveGroupRepository(db),
    can: createCan(rights),
    clock,
  })
  const syncRuns = createSyncRepository(db)
  const entryJobs = createEntryJobs({
    jobs,
    sources: createEntrySources({
      customers: createCustomerReader(db),
      profiles: createProfileRepository(db),
      orders: createOrderLookups(db),
      sends: createSendLookups(db),
    }),
    entries: createEntryRepository(db),
    isReading: async (corpId) => (await syncRuns.findOpen(corpId))?.kind === 'full',
    corps,
    clock,
    log,
  })
  const changed = entryJobs.note
  const relations = createRelationService({
    relations: createRelationRepository(db),
    changed,
    customers: createCustomerRepository(db),
    events: createRelationEventRepository(db),
    guides,
    tags,
    corps,
    clock,
    log,
  })

  const usage = createUsageService({ usages: createUsageRepository(db), clock })
  const media = createMediaService({ assets: createAssetRepository(db), publicUrl, clock })
  const cards = createCardService({
    cards: createCardRepository(db),
    stamps,
    usage,
    storeOf: createStoreOf(guides),
    media,
    publicUrl,
    clock,
  })
  const quickReplies = createQuickReplyService({
    replies: createQuickReplyRepository(db),
    stamps,
    usage,
    media,
    cards,
    guides,
    folders,
    clock,
  })
  const deskDeps = {
    db,
    corps,
    config,
    clock,
    log,
    jobs,
    audit,
    effects,
    rights,
    stamps,
    folders,
    guides,
    relations,
    tags,
    cards,
    quickReplies,
    changed,
  }
  const desk = createDeskServices({ ...deskDeps, usage, media })
  const panel = createPanelServices({ ...deskDeps, content: desk.desk.content })
  const { knowledge, articles, sendExtras } = panel
  const orderFigures = createOrderFigures(db)
  const sends = createSendService({
    sends: createSendRepository(db),
    content: createContentComposer({ quickReplies, cards, media, knowledge, articles, corps }),
    usage,
    orderFigures,
    guides,
    relations,
    extras: sendExtras,
    changed,
    clock,
  })
  const redirects = panel.redirectsWith(sends.markOpened)
  const orders = createOrderService({ orders: createOrderRepository(db), sends, changed, clock })
  const idempotency = createIdempotencyService({ keys: createIdempotencyRepository(db), clock })
  const jsSignatures = createJsSignatureService({
    publicUrl,
    clock: { now: () => corps.default?.upstream.correctedNow() ?? clock.now() },
  })

  const sync = createSyncService({
    sync: syncRuns,
    reports: createSyncReportRepository(db),
    guides,
    relations,
    tags,
    corps,
    clock,
    log,
  })
  const callbackEvents = createCallbackEventRepository(db)
  const addresses = createCallbackAddressRepository(db)
  const address = createCallbackAddress({ addresses, clock })
  const welcomes = createWelcomeLane({
    events: callbackEvents,
    sends: createWelcomeSendRepository(db),
    texts: createCorpWelcomeTexts(db, clock),
    effects,
    corps,
    clock,
    now: correctedNow,
    log,
  })
  const settings = createSettingsService({ settings: createSettingsRepository(db), audit, brand: config.brand, clock })
  const doctorRows = createDoctorRepository(db)
  const callbacks = createCallbackService({
    isOwnQuestion: doctorRows.takeQuestion,
    async keptDaysOf(corpId) {
      const { callbackDays, deadLetterDays } = (await settings.read(corpId)).retention
      return { usual: callbackDays, dead: deadLetterDays }
    },
    events: callbackEvents,
    handlers: {
      ...guideCallbacks(guides),
      ...tagCallbacks(tags),
      ...relationCallbacks(relations),
      ...chatCallbacks(createChatRepository(db), clock),
    },
    address,
    correctedNow,
    presence: createCallbackPresence({
      addresses,
      corps,
      clock,
      log,
      reconcile: (corp) => sync.reconcile(corp, 'gap'),
    }),
    welcomes,
    corps,
    clock,
    log,
  })
  watchCallbacks(metrics, { callbacks, welcomes, corps })
  const callbackAdmin = createCallbackAdminService({ callbacks, addresses, address, welcomes })
  watchWork(metrics, { sync, jobs, corps })
  defineReconcileJob(jobs, { sync, corps })
  const contexts = createSidebarContextService({
    guides,
    relations,
    quickReplies,
    sends,
    corps,
    clock,
    care: createCareReader(db),
    contactRules: panel.contactRules,
    actions: panel.actions,
    groups: panel.groups,
  })
  const setUpRows = createSetUpRepository(db)
  const doctor = createDoctorService({
    config,
    corps,
    corpSettings,
    repository: doctorRows,
    sources: {
      upstream,
      tokenFacts: (key) => readTokenFacts(db, key),
      callbacks,
      addresses,
      welcomes,
      sync,
      relations,
      cards,
      customers: createCustomerReader(db),
      setUp: {
        answers: async () => (await setUpRows.find()).answers,
        miniProgramTest: async () => (await setUpRows.find()).miniProgramTest,
      },
    },
    clock,
  })
  const relationFigures = createRelationFigures(db)
  const sendLookups = createSendLookups(db)
  const figures = createHomeFigures(
    {
      relationFigures,
      sendLookups,
      orderFigures,
      stores,
      callbacks,
      jobs,
      sync,
      upstream,
    },
    clock,
  )
  const adminHome = createAdminHomeService({
    settings,
    guides,
    stores,
    relations,
    relationFigures,
    tags,
    quickReplies,
    cards,
    sends: sendLookups,
    orders: orderFigures,
    sync,
    callbacks,
    figures,
    doctor,
    clock,
  })

  const setUp = createSetUpService({
    setUp: setUpRows,
    corpSettings,
    corps,
    config,
    clock,
    tryOut: doctor.tryOut,
  })

  const directory = createDirectoryReader(db)
  const people = createPeopleService({
    directory,
    followers: createFollowerReader(db),
    stores: createStoreProfileRepository(db),
    rights,
    audit,
    clock,
  })
  const auditLog = createAuditLogService({ reader: createAuditReader(db), audit, directory })

  const platform = {
    jobs,
    apiKeys,
    effects,
    audit,
    sessions,
    rights,
    firstAdmin,
    signIn,
    jsSignatures,
    metrics,
    upstream,
  }
  const ofCustomers = createCustomerServices({
    db,
    corps,
    clock,
    jobs,
    effects,
    audit,
    relations,
    tags,
    profiles: panel.profiles,
    timeline: panel.timeline,
  })
  const fromWecom = {
    corpSettings,
    doctor,
    setUp,
    guides,
    tags,
    relations,
    sync,
    callbacks,
    callbackAdmin,
    addresses,
    welcomes,
    contexts,
    adminHome,
  }
  const ofOurs = { media, cards, quickReplies, sends, orders, idempotency, ...desk }
  const ofAdmins = { people, auditLog, settings }
  return { panel, ofCustomers, entryJobs, redirects, ...platform, ...ofAdmins, ...fromWecom, ...ofOurs }
}

export type Services = ReturnType<typeof createServices>
