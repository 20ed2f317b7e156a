import type { Stage } from '../access/stage.ts'

const batchSize = 2_000
const surnames = Array.from('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗')

/** Many more customers of the follower's store, each named after a passer-by: copies of one that came from WeCom. */
export async function fillCorp({ world, customer, follower }: Stage, customers: number): Promise<void> {
  const { db, corpId } = world
  const people = db.collection('customers')
  const relations = db.collection('relations')
  const { externalUserId } = customer
  const person = await people.findOne({ corpId, externalUserId })
  const relation = await relations.findOne({ corpId, externalUserId, userId: follower.userId })
  if (!person || !relation) throw new Error('the stage has no customer to copy')
  for (let from = 0; from < customers; from += batchSize) {
    const ids = Array.from({ length: Math.min(batchSize, customers - from) }, (_, at) => from + at)
    const named = ids.map((at) => ({ at, id: `wmPasserBy${String(at).padStart(8, '0')}` }))
    await people.insertMany(
      named.map(({ at, id }) => ({
        ...person,
        _id: `${corpId}/${id}` as never,
        externalUserId: id,
        name: `${surnames[at % surnames.length]}路人${at}`,
      })),
    )
    await relations.insertMany(
      named.map(({ id }) => ({
        ...relation,
        _id: `${corpId}/${follower.userId}/${id}` as never,
        externalUserId: id,
      })),
    )
  }
  await world.services.entryJobs.refreshAll(corpId)
}
