import type { PlatformDeps } from './platform/deps.ts'
import type { Jobs } from './platform/jobs/jobs.ts'
import type { LibraryStamps } from './platform/library-stamp.ts'
import type { FolderOrders } from './platform/shelf/folder-orders.ts'
import { createArticleShelf } from './features/articles/article.shelf.ts'
import type { AuditService } from './platform/audit/audit.service.ts'
import { createContentRulesRepository } from './features/content/content-rules.model.ts'
import { createContentDesk } from './features/content/content.desk.ts'
import { createContentService } from './features/content/content.service.ts'
import { createCoverageReader } from './features/content/coverage.reader.ts'
import { createCoverageService } from './features/content/coverage.service.ts'
import { createStoreReader } from './features/guides/store.reader.ts'
import { createKnowledgeShelf } from './features/knowledge/knowledge.shelf.ts'
import type { MediaService } from './features/media/media.service.ts'
import { createCardShelf } from './features/mini-program-cards/card.shelf.ts'
import type { CardService } from './features/mini-program-cards/card.service.ts'
import { createQuickReplyShelf } from './features/quick-replies/quick-reply.shelf.ts'
import type { QuickReplyService } from './features/quick-replies/quick-reply.service.ts'
import { createImportRepository } from './features/reply-imports/import.repository.ts'
import { createReplyImportService } from './features/reply-imports/reply-import.service.ts'
import { createUsageLookups } from './features/sends/usage.lookups.ts'
import type { UsageService } from './features/sends/usage.service.ts'

type Deps = PlatformDeps & {
  jobs: Jobs
  stamps: LibraryStamps
  folders: FolderOrders
  usage: UsageService
  media: MediaService
  cards: CardService
  quickReplies: QuickReplyService
  audit: AuditService
}

/** Shortly after midnight in Beijing, when yesterday was somebody's last day. */
const afterMidnight = '5 0 * * *'
/** Five times between 1.8 and 2.5 days of age: WeCom may be away for a day and no guide waits. */
const everyFourHours = '25 */4 * * *'

/** What admins write at the desk: replies, cards, knowledge, articles, and files of them. */
export function createDeskServices(deps: Deps) {
  const { db, corps, config, clock, log, jobs, stamps, folders, usage, media, cards, quickReplies, audit } = deps
  const shelves = {
    replies: createQuickReplyShelf({ db, stamps, media, cards }),
    cards: createCardShelf({ db, stamps, media, cards, publicUrl: config.publicUrl }),
    knowledge: createKnowledgeShelf({ db, stamps }),
    articles: createArticleShelf({ db, stamps }),
  }
  const stores = createStoreReader(db)
  const content = createContentService({
    shelves,
    rules: createContentRulesRepository(db),
    usage,
    lookups: createUsageLookups(db),
    stores,
    audit,
    clock,
  })
  const coverage = createCoverageService({ count: createCoverageReader(db), clock })
  const desk = createContentDesk({
    content,
    coverage,
    orders: folders,
    stamps,
    replies: quickReplies,
    cards,
    stores,
    audit,
  })
  const replyImports = createReplyImportService({
    imports: createImportRepository(db),
    shelf: shelves.replies,
    content,
    stores,
    jobs,
    audit,
    clock,
  })

  jobs.define('content-expiry', {
    async handler() {
      for (const { corpId } of corps.all()) await content.takeExpiredOff(corpId)
    },
    concurrency: 1,
  })
  jobs.schedule('content-expiry', afterMidnight)
  jobs.define('media-refresh', {
    async handler() {
      for (const corp of corps.all()) {
        const result = await media.refresh(corp, await quickReplies.listPictures(corp.corpId))
        if (result.failed > 0) log.warn({ corpId: corp.corpId, ...result }, 'pictures not handed to WeCom')
      }
    },
    concurrency: 1,
  })
  jobs.schedule('media-refresh', everyFourHours)

  return { desk, replyImports }
}
