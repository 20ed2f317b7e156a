import type { TestBrowser } from '@guidebar/testkit'

import { otherStore, type Stage } from './stage.ts'

/** A2: whatever a manager asks a list for, nothing of another store's people or customers is in the answer. */
export async function leaksOfLists(stage: Stage): Promise<{ asked: number; wrong: string[] }> {
  const { world, guides } = stage
  const manager = await world.signInFresh('admin', 'Manager')
  const owner = await world.signInFresh('admin', 'TestAdmin')
  const foreign = guides.filter(({ guide }) => guide.departmentId === otherStore)
  // Ids and names that may not be in any answer.
  const secrets = [
    'OtherManager',
    ...foreign.flatMap(({ guide, customers }) => [
      guide.userId,
      guide.name,
      ...customers.flatMap(({ externalUserId, name }) => [externalUserId, name]),
    ]),
  ]
  const registered = new Set(world.app.routeRules.filter(({ method }) => method === 'GET').map(({ url }) => url))
  const cursor = await cursorOf(owner, '/api/admin/people?limit=1')
  const sought = encodeURIComponent(foreign[0]?.guide.name ?? '')
  const questions = [
    '/api/admin/people',
    '/api/admin/people?limit=50',
    `/api/admin/people?departmentId=${otherStore}`,
    '/api/admin/people?who=admins',
    '/api/admin/people?state=active',
    `/api/admin/people?q=${sought}`,
    '/api/admin/people?q=OtherManager',
    `/api/admin/people?before=${cursor}`,
    '/api/admin/departments',
    '/api/admin/customers',
    '/api/admin/customers?limit=50',
    `/api/admin/customers?q=${encodeURIComponent(foreign[0]?.customers[0]?.name ?? '')}`,
    '/api/admin/customers/count',
    '/api/admin/customers/choices',
    '/api/admin/segments',
  ].filter((question) => registered.has(question.split('?', 1)[0] ?? ''))

  const wrong: string[] = []
  for (const question of questions) {
    const { statusCode, text } = await manager.get(question)
    const leaked = secrets.filter((secret) => text.includes(secret))
    if (leaked.length > 0) wrong.push(`${question} (${statusCode}) shows ${leaked.join(', ')}`)
  }
  return { asked: questions.length, wrong }
}

async function cursorOf(browser: TestBrowser, path: string): Promise<string> {
  const { body } = await browser.get(path)
  return body?.next ?? ''
}
