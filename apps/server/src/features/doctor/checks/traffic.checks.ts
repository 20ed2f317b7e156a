import { defineChecks, fail, ok, skip, warn } from '../check.ts'
import type { DoctorContext, DoctorRecords, SeenRefusal } from '../doctor.context.ts'
import { toText } from './callback.checks.ts'
import { console, page } from './credentials.checks.ts'

const check = defineChecks<DoctorContext>()

/** Runs a look at what our own calls have met. */
function withRecords<R>(look: (records: DoctorRecords, context: DoctorContext) => Promise<R>) {
  return async (context: DoctorContext) => {
    if (!context.wecom) return skip('no-corp')
    return context.records ? look(context.records, context) : skip('no-database')
  }
}

const sumOf = (refusals: SeenRefusal[]) => refusals.reduce((sum, { count }) => sum + count, 0)
const only = (refusals: SeenRefusal[], ...codes: number[]) => refusals.filter(({ errcode }) => codes.includes(errcode))

/** What WeCom has said to the calls of the last hour and day. */
export const trafficChecks = [
  check(
    'sign-in-codes',
    withRecords(async (records) => {
      const count = sumOf(only(await records.refusals(), 40029, 42003, 42022))
      return count > 0 ? warn('spent', { count, errcode: 40029 }) : ok('ok')
    }),
    { link: page(91023) },
  ),

  check(
    'api-limits',
    withRecords(async (records) => {
      const closed = await records.closedApis()
      const last = closed.reduce((latest, { until }) => Math.max(latest, until.getTime()), 0)
      if (closed.length > 0)
        return warn('closed', {
          paths: closed.map(({ path }) => path).join(', '),
          until: toText(new Date(last)),
          errcode: 45009,
        })
      const seen = only(await records.refusals(), 45009, 45033)
      return seen.length > 0 ? warn('hit', { count: sumOf(seen), errcode: seen[0]?.errcode ?? 45009 }) : ok('ok')
    }),
    { link: page(90312) },
  ),

  check(
    'welcome',
    withRecords(async (records) => {
      const [{ sent, newCustomers, withoutCode, tooLate }, refusals] = await Promise.all([
        records.welcomes(),
        records.refusals(),
      ])
      const othersFirst = only(refusals, 41051, 41096)
      const spent = sumOf(only(refusals, 41050)) + tooLate
      if (othersFirst.length > 0)
        return warn('other-app', { count: sumOf(othersFirst), errcode: othersFirst[0]?.errcode ?? 41051 })
      if (withoutCode > 0) return warn('no-code', { count: withoutCode })
      if (spent > 0) return warn('late', { count: spent, errcode: 41050 })
      return newCustomers > 0 ? ok('ok', { sent }) : ok('none')
    }),
    { link: page(92137) },
  ),

  check(
    'relations-refused',
    withRecords(async (records) => {
      const refusals = await records.refusals()
      const foreign = only(refusals, 84084, 40096)
      if (foreign.length > 0)
        return warn('other-form', { count: sumOf(foreign), errcode: foreign[0]?.errcode ?? 84084 })
      const lost = only(refusals, 84061)
      return lost.length > 0 ? warn('lost', { count: sumOf(lost), errcode: 84061 }) : ok('ok')
    }),
    { link: page(92114) },
  ),

  check(
    'mini-program',
    withRecords(async (records) => {
      const test = await records.miniProgramTest()
      if (test?.errcode === 90206) return fail('not-linked', { appId: test.appId, errcode: 90206 })
      if (test?.errcode) return fail('refused', { errcode: test.errcode })
      const cards = await records.cards()
      const faulty = cards.find(({ problem }) => problem !== null)
      if (faulty) return fail('faulty', { title: faulty.title, problem: faulty.problem ?? '' })
      return cards.length > 0 ? ok('ok', { count: cards.length }) : skip('none')
    }),
    { link: console.apps },
  ),
]
