import type {
  ExplainSegment,
  SaveSegment,
  SegmentDefinition,
  SegmentExplanation,
  SegmentFinding,
  SegmentGroup,
  SegmentPreview,
  SegmentUse,
  SegmentView,
} from '@guidebar/contracts'

import type { AdminPrincipal } from '../../platform/access.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { CustomerEntry } from './customer-entry.model.ts'
import type { EntryReader } from './customer-entry.reader.ts'
import { entryWithin, type CustomerFinder, type Viewer } from './customer-finder.ts'
import type { CustomerTotals } from './customer-totals.ts'
import { judge } from './segment.judge.ts'
import type { Segment } from './segment.model.ts'
import { isEmpty, rulesOf } from './segment.people.ts'
import type { SegmentRepository } from './segment.repository.ts'

type Deps = {
  segments: SegmentRepository
  finder: CustomerFinder
  entries: EntryReader
  totals: CustomerTotals
  /** Each use with the userid of whoever did it. */
  uses: (
    corpId: string,
    segmentIds: string[],
  ) => Promise<Map<string, (Omit<SegmentUse, 'byName'> & { userId: string })[]>>
  guides: { names(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>> }
  audit: AuditService
  clock: Clock
}

const samples = 10
const mostUses = 10
const mostRules = 50

/** Named groups of customers by what they are and did. What is kept is the question; the answer is found each time. */
export function createSegmentService({ segments, finder, entries, totals, uses, guides, audit, clock }: Deps) {
  const mayChange = ({ reach, userId }: Viewer, { createdBy }: Segment) => reach === null || createdBy === userId

  async function require(viewer: Viewer, segmentId: string): Promise<Segment> {
    const segment = await segments.find(viewer.corpId, segmentId)
    if (!segment || !(segment.ofCorp || mayChange(viewer, segment)))
      throw new AppError('SEGMENT_NOT_FOUND', 'no such segment in this scope')
    return segment
  }

  async function requireMine(viewer: Viewer, segmentId: string): Promise<Segment> {
    const segment = await require(viewer, segmentId)
    if (!mayChange(viewer, segment)) throw new AppError('FORBIDDEN', 'this segment belongs to somebody else')
    return segment
  }

  async function toViews(viewer: Viewer, rows: Segment[]): Promise<SegmentView[]> {
    const { corpId } = viewer
    const usedBy = await uses(
      corpId,
      rows.map(({ _id }) => _id.toHexString()),
    )
    const userIds = [...rows.map((row) => row.changedBy), ...[...usedBy.values()].flat().map(({ userId }) => userId)]
    const names = await guides.names(corpId, [...new Set(userIds)])
    const nameOf = (userId: string) => names.get(userId)?.name ?? userId
    return rows.map((row) => {
      const segmentId = row._id.toHexString()
      return {
        segmentId,
        name: row.name,
        // Checked against the contract when it was saved.
        definition: row.definition as SegmentDefinition,
        version: row.version,
        byName: nameOf(row.changedBy),
        changedAt: row.changedAt.toISOString(),
        usedBy: (usedBy.get(segmentId) ?? [])
          .slice(0, mostUses)
          .map(({ userId, ...use }) => ({ ...use, byName: nameOf(userId) })),
        mayChange: mayChange(viewer, row),
      }
    })
  }

  function check(definition: SegmentGroup): void {
    if ([...rulesOf(definition)].length > mostRules)
      throw new AppError('BAD_REQUEST', `at most ${mostRules} conditions`, { at: '/body/definition' })
  }

  return {
    /** @throws AppError SEGMENT_NOT_FOUND also for one that the viewer may not use */
    definitionOf: async (viewer: Viewer, segmentId: string): Promise<SegmentGroup> =>
      (await require(viewer, segmentId)).definition,

    /**
     * How many fit, of how many, and the first few of them; within what the viewer may see.
     * @throws AppError BAD_REQUEST for days that are none, or too many conditions
     */
    async preview(viewer: Viewer, definition: SegmentGroup): Promise<SegmentPreview> {
      check(definition)
      const wanted = await finder.fromDefinition(viewer, definition)
      const [of, fits] = await Promise.all([
        totals.all(viewer),
        entries.countWithSamples(wanted.filter, wanted.plan, samples),
      ])
      const shown = (await entries.byIds(fits.ids)).map((entry) => entryWithin(viewer, entry))
      const names = await guides.names(viewer.corpId, userIdsOf(shown))
      return {
        fits: isEmpty(definition) ? of : { count: fits.count, isEstimate: fits.isEstimate },
        of,
        samples: shown.map(({ externalUserId, name, avatarUrl, relations }) => ({
          externalUserId,
          name: relations[0]?.remark || name,
          avatarUrl,
          guideNames: relations.map(({ userId }) => names.get(userId)?.name ?? userId),
        })),
      }
    },

    /** Every condition with its answer for one customer. @throws AppError CUSTOMER_NOT_FOUND */
    async explain(viewer: Viewer, { definition, externalUserId }: ExplainSegment): Promise<SegmentExplanation> {
      check(definition)
      const entry = await finder.find(viewer, externalUserId)
      if (!entry) throw new AppError('CUSTOMER_NOT_FOUND', 'no such customer in this scope')
      const finding = judge(definition, entry, await finder.settingOf(viewer, definition))
      // As deep as the definition, whose depth the contract has checked.
      return { name: entry.name, finding: finding as SegmentFinding }
    },

    async list(viewer: Viewer): Promise<SegmentView[]> {
      const rows = await segments.list(viewer.corpId)
      return toViews(
        viewer,
        rows.filter((row) => row.ofCorp || mayChange(viewer, row)),
      )
    },

    /** @throws AppError CONFLICT when the name is taken, BAD_REQUEST */
    async create(admin: AdminPrincipal, { name, definition }: SaveSegment): Promise<SegmentView> {
      check(definition)
      await finder.fromDefinition(admin, definition)
      const made = await segments.create(admin.corpId, {
        ...words(admin, name, definition),
        ofCorp: admin.reach === null,
      })
      if (!made) throw new AppError('CONFLICT', 'there is a segment of that name', { at: '/body/name' })
      await audit.note(admin, { action: 'segments.saved', target: made._id.toHexString(), details: { version: 1 } })
      return (await toViews(admin, [made]))[0]!
    },

    /** @throws AppError SEGMENT_NOT_FOUND, FORBIDDEN, CONFLICT when the name is taken or somebody else was faster */
    async change(
      admin: AdminPrincipal,
      segmentId: string,
      { name, definition, version }: SaveSegment,
    ): Promise<SegmentView> {
      check(definition)
      const known = await requireMine(admin, segmentId)
      await finder.fromDefinition(admin, definition)
      const from = version ?? known.version
      const changed = await segments.change(admin.corpId, segmentId, from, words(admin, name, definition))
      if (changed === 'taken') throw new AppError('CONFLICT', 'there is a segment of that name', { at: '/body/name' })
      if (changed === 'stale')
        throw new AppError('CONFLICT', 'somebody has changed this segment meanwhile', { at: '/body/version' })
      await audit.note(admin, { action: 'segments.saved', target: segmentId, details: { version: changed.version } })
      return (await toViews(admin, [changed]))[0]!
    },

    /** @throws AppError SEGMENT_NOT_FOUND, FORBIDDEN */
    async remove(admin: AdminPrincipal, segmentId: string): Promise<void> {
      await requireMine(admin, segmentId)
      await audit.note(admin, { action: 'segments.removed', target: segmentId })
      await segments.remove(admin.corpId, segmentId)
    },
  }

  function words({ userId }: AdminPrincipal, name: string, definition: SegmentGroup) {
    return { name: name.trim(), definition, changedBy: userId, changedAt: clock.now() }
  }
}

export type SegmentService = ReturnType<typeof createSegmentService>

const userIdsOf = (entries: CustomerEntry[]) => [
  ...new Set(entries.flatMap(({ relations }) => relations.map(({ userId }) => userId))),
]
