import type { CheckId, CheckReport, CheckStatus, Locale } from '@guidebar/contracts'
import { WecomError, WecomUnavailable } from '@guidebar/wecom'

import { findingWords, titleOf, type CommonFinding, type FindingOf, type Values } from './words/doctor.words.ts'

/** What one look found. Values stand in the words: no secrets, no names of people. */
export type Finding<F extends string = string> = {
  status: CheckStatus
  finding: F
  values?: Values
  errcode?: number
}

export type Check<Context> = {
  id: CheckId
  /** Where it is mended, or explained: https. */
  link: string | null
  /** Checks that have to be looked at first: what they find is needed here. */
  after: readonly CheckId[]
  look: (context: Context) => Promise<Finding>
}

/** Ties a check to its words: a finding without words does not compile. */
export function defineChecks<Context>() {
  return <Id extends CheckId>(
    id: Id,
    look: (context: Context) => Promise<Finding<FindingOf<Id> | CommonFinding>>,
    { link = null, after = [] }: { link?: string | null; after?: readonly CheckId[] } = {},
  ): Check<Context> => ({ id, link, after, look })
}

const finding =
  (status: CheckStatus) =>
  <F extends string>(name: F, values?: Values & { errcode?: number }): Finding<F> => ({
    status,
    finding: name,
    values,
    errcode: values?.errcode,
  })
export const ok = finding('ok')
export const warn = finding('warn')
export const fail = finding('fail')
export const skip = finding('skip')

/** What a failed call means when no check knows better. @throws what is no failure of a call */
export function adviseOn(error: unknown): Finding<CommonFinding> {
  if (error instanceof WecomError) {
    const { errcode, path } = error
    return error.busy ? warn('busy', { errcode, path }) : fail('refused', { errcode, path })
  }
  if (error instanceof WecomUnavailable) return fail('away', { reason: error.reason, path: error.path })
  throw error
}

export type Found = Finding & { id: CheckId; link: string | null; at: Date }

/** Longest a single look may take: one that hangs must not hide the others. */
const lookTimeoutMs = 15_000

/**
 * Looks at everything, or at some checks with what they need, those that need nothing of each other side by side. A
 * look that breaks is itself a failure and stops nothing.
 */
export async function runChecks<Context>(
  checks: readonly Check<Context>[],
  context: Context,
  { ids, now }: { ids?: readonly CheckId[]; now: () => Date },
): Promise<Found[]> {
  const byId = new Map(checks.map((check) => [check.id, check]))
  const running = new Map<CheckId, Promise<Found>>()

  function find(id: CheckId): Promise<Found> {
    const known = running.get(id)
    if (known) return known
    const check = byId.get(id)
    if (!check) throw new TypeError(`no check is called ${id}`)
    const found = Promise.all(check.after.map(find)).then(() => look(check))
    running.set(id, found)
    return found
  }

  async function look({ id, link, look: ask }: Check<Context>): Promise<Found> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Finding>((resolve) => {
      timer = setTimeout(resolve, lookTimeoutMs, fail('broken', { reason: 'timeout' }))
    })
    const result = await Promise.race([ask(context), late])
      .catch((error: unknown): Finding => fail('broken', { reason: error instanceof Error ? error.name : 'unknown' }))
      .finally(() => clearTimeout(timer))
    return { ...result, id, link, at: now() }
  }

  const wanted = ids ? checks.filter(({ id }) => ids.includes(id)) : checks
  return Promise.all(wanted.map(({ id }) => find(id)))
}

const errcodePage = 'https://open.work.weixin.qq.com/devtool/query?e='

/** The same finding in words. */
export function toCheckReport(
  { id, status, finding: name, values = {}, errcode, link, at }: Found,
  locale: Locale,
): CheckReport {
  const { cause, fix } = findingWords(locale, id, name, values)
  const isUnknownCode = name === 'refused' && errcode !== undefined
  return {
    id,
    status,
    finding: name,
    title: titleOf(locale, id),
    cause,
    fix: status === 'ok' ? null : (fix ?? null),
    link: isUnknownCode ? `${errcodePage}${errcode}` : link,
    errcode: errcode ?? null,
    checkedAt: at.toISOString(),
  }
}
