import type { SegmentUse } from '@guidebar/contracts'

import type { AuditService } from './platform/audit/audit.service.ts'
import type { PlatformDeps } from './platform/deps.ts'
import type { Effects } from './platform/effects/effects.ts'
import type { Jobs } from './platform/jobs/jobs.ts'
import { createTagBatchJobs } from './features/customer-batches/tag-batch.jobs.ts'
import { createTagBatchRepository } from './features/customer-batches/tag-batch.repository.ts'
import { createTagBatchService } from './features/customer-batches/tag-batch.service.ts'
import { createCustomerExportRepository } from './features/customer-exports/customer-export.repository.ts'
import { createCustomerExportService } from './features/customer-exports/customer-export.service.ts'
import type { ProfileService } from './features/customer-profiles/profile.service.ts'
import { createEntryReader } from './features/customers/customer-entry.reader.ts'
import { createCustomerFinder } from './features/customers/customer-finder.ts'
import { createCustomerService } from './features/customers/customer.service.ts'
import { createCustomerTotals } from './features/customers/customer-totals.ts'
import { createSegmentRepository } from './features/customers/segment.repository.ts'
import { createSegmentService, type SegmentService } from './features/customers/segment.service.ts'
import { createGuideDirectory } from './features/guides/guide.directory.ts'
import { createCustomerReader } from './features/relations/customer.reader.ts'
import type { RelationService } from './features/relations/relation.service.ts'
import { createTagAdminService } from './features/tags/tag-admin.service.ts'
import { createTagRuleRepository } from './features/tags/tag-rule.repository.ts'
import type { TagService } from './features/tags/tag.service.ts'
import type { TimelineService } from './features/timeline/timeline.service.ts'

type Deps = Pick<PlatformDeps, 'db' | 'corps' | 'clock'> & {
  jobs: Jobs
  effects: Effects
  audit: AuditService
  relations: RelationService
  tags: TagService
  profiles: ProfileService
  timeline: TimelineService
}
type Use = Omit<SegmentUse, 'byName'> & { userId: string }

/** What the admin panel knows of customers: lists, segments, batches, exports, and the tags themselves. */
export function createCustomerServices(deps: Deps) {
  const { db, corps, clock, jobs, effects, audit, relations, tags, profiles, timeline } = deps
  const entries = createEntryReader(db)
  const directory = createGuideDirectory(db)
  const batches = createTagBatchRepository(db)
  const files = createCustomerExportRepository(db)
  const totals = createCustomerTotals({ entries, clock })

  async function uses(corpId: string, segmentIds: string[]): Promise<Map<string, Use[]>> {
    const [tagged, exported] = await Promise.all([batches.usesOf(corpId, segmentIds), files.usesOf(corpId, segmentIds)])
    const rows = [
      ...tagged.map((batch) => ({ ...batch, kind: 'tagBatch' as const })),
      ...exported.map((file) => ({ ...file, kind: 'export' as const })),
    ].toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    const bySegment = Map.groupBy(rows, ({ segmentId }) => segmentId ?? '')
    const toUse = ({ kind, _id, startedAt, createdBy }: (typeof rows)[number]): Use => ({
      kind,
      id: _id.toHexString(),
      at: startedAt.toISOString(),
      userId: createdBy,
    })
    return new Map([...bySegment].map(([segmentId, own]) => [segmentId, own.map(toUse)]))
  }

  const finder = createCustomerFinder({
    entries,
    guidesByStore: directory.guidesByStore,
    definitionOf: (viewer, segmentId) => segments.definitionOf(viewer, segmentId),
    clock,
  })
  const segments: SegmentService = createSegmentService({
    segments: createSegmentRepository(db),
    finder,
    entries,
    totals,
    uses,
    guides: directory,
    audit,
    clock,
  })
  const customers = createCustomerService({
    finder,
    entries,
    totals,
    customers: createCustomerReader(db),
    profiles,
    timeline,
    guides: directory,
    directory,
    tags,
    audit,
    corps,
  })
  const tagBatchJobs = createTagBatchJobs({
    jobs,
    batches,
    finder,
    entries,
    relations,
    tags,
    effects,
    corps,
    clock,
  })
  const tagBatches = createTagBatchService({
    batches,
    jobs: tagBatchJobs,
    finder,
    entries,
    guides: directory,
    tags,
    audit,
    clock,
  })
  const exports = createCustomerExportService({
    exports: files,
    jobs,
    finder,
    entries,
    guides: directory,
    tags,
    audit,
    clock,
  })
  const tagAdmin = createTagAdminService({
    tags,
    rules: createTagRuleRepository(db),
    countByTag: entries.countByTag,
    audit,
    corps,
    clock,
  })
  return { customers, segments, tagBatches, exports, tagAdmin }
}

export type CustomerServices = ReturnType<typeof createCustomerServices>
