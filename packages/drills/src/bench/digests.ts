import { createRelationDigest } from '@guidebar/wecom-emulator/digest'
import type { TruthDigest } from '@guidebar/wecom-emulator/control'

import type { Bench } from './bench.ts'

type StoredRelation = { userId: string; externalUserId: string; remark: string; tagIds: string[] }

/** The digest of what our database holds: current relations, with the tags that our tag library knows. */
export async function digestOfDatabase({ db, corpId }: Bench): Promise<TruthDigest> {
  const library = await db.collection('taglibraries').findOne({ corpId })
  const groups = (library?.['groups'] ?? []) as { tags: { tagId: string }[] }[]
  const known = new Set(groups.flatMap(({ tags }) => tags.map(({ tagId }) => tagId)))
  const digest = createRelationDigest()
  const rows = db
    .collection('relations')
    .find({ corpId, status: { $ne: 'deleted_by_guide' } })
    .project<StoredRelation>({ userId: 1, externalUserId: 1, remark: 1, tagIds: 1 })
    .batchSize(5_000)
  for await (const row of rows) digest.add({ ...row, tagIds: row.tagIds.filter((tagId) => known.has(tagId)) })
  return digest.result()
}

/** Whether our database and WeCom hold the same relations, remarks and tags. */
export async function isEqual(bench: Bench): Promise<boolean> {
  const [ours, theirs] = await Promise.all([digestOfDatabase(bench), bench.wecom.digest()])
  return ours.digest === theirs.digest && ours.relations === theirs.relations
}

/** Relations that differ, for a person who has to find out why. */
export async function findDifferences({ db, corpId, wecom }: Bench, most = 5): Promise<string[]> {
  const found: string[] = []
  const left = new Map<string, StoredRelation>()
  const rows = db.collection('relations').find({ corpId, status: { $ne: 'deleted_by_guide' } })
  for await (const row of rows) left.set(`${row['userId']}/${row['externalUserId']}`, row as unknown as StoredRelation)
  for (let after: number | null = 0; after !== null;) {
    const page: Awaited<ReturnType<typeof wecom.truth>> = await wecom.truth({ after, limit: 5_000 })
    for (const { userId, externalUserId, remark, tagIds } of page.relations) {
      const key = `${userId}/${externalUserId}`
      const ours = left.get(key)
      left.delete(key)
      if (!ours) found.push(`${key}: missing here`)
      else if (ours.remark !== remark) found.push(`${key}: remark`)
      else if (tagIds.some((id) => !ours.tagIds.includes(id))) found.push(`${key}: tags`)
    }
    after = page.next
  }
  found.push(...[...left.keys()].map((key) => `${key}: not at WeCom`))
  return [`${found.length} in all`, ...found.slice(0, most)]
}
