import type {
  DepartmentTree,
  DepartmentView,
  GiveRole,
  PeoplePage,
  PeopleQuery,
  PersonView,
  SaveStore,
} from '@guidebar/contracts'

import type { AdminPrincipal } from '../../platform/access.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import type { Role, RightsService } from '../../platform/rights/rights.service.ts'
import { scope } from '../../platform/rights/scope.ts'
import type { DirectoryReader } from '../guides/directory.reader.ts'
import type { FollowerReader } from '../relations/follower.reader.ts'
import type { StoreProfileRepository } from './store-profile.repository.ts'

type Deps = {
  directory: DirectoryReader
  followers: FollowerReader
  stores: StoreProfileRepository
  rights: RightsService
  audit: AuditService
  clock: Clock
}

type Person = Awaited<ReturnType<DirectoryReader['list']>>[number]
const noStore: SaveStore = { isStore: false, city: '', address: '', openingHours: [] }

/** Who works here, in which store, and who may do what in the admin panel. */
export function createPeopleService({ directory, followers, stores, rights, audit, clock }: Deps) {
  async function toViews(corpId: string, people: Person[]): Promise<PersonView[]> {
    const userIds = people.map(({ userId }) => userId)
    const [customers, roles] = await Promise.all([
      followers.countCustomers(corpId, userIds),
      Promise.all(userIds.map((userId) => rights.find({ corpId, userId }))),
    ])
    return people.map(({ userId, name, position, storeId, storeName, status, canServe }, index) => ({
      userId,
      name: name || userId,
      position,
      storeId,
      storeName,
      state: status,
      canServe: canServe && status === 'active',
      customers: customers.get(userId) ?? 0,
      role: roles[index]?.role ?? null,
      scope: roles[index]?.scope ?? null,
      isConfigured: rights.isConfiguredOwner(userId),
    }))
  }

  async function readTree(corpId: string): Promise<DepartmentView[]> {
    const [tree, members, profiles] = await Promise.all([
      directory.departments(corpId),
      directory.countByStore(corpId),
      stores.list(corpId),
    ])
    const profileOf = new Map(profiles.map((profile) => [profile.departmentId, profile]))
    return tree.map(({ departmentId, parentId, name }) => {
      const { isStore, city, address, openingHours } = profileOf.get(departmentId) ?? noStore
      const hours = openingHours.map(({ weekday, from, to }) => ({ weekday, from, to }))
      return {
        departmentId,
        parentId,
        name,
        members: members.get(String(departmentId)) ?? 0,
        store: { isStore, city, address, openingHours: hours },
      }
    })
  }

  /** A department with all below it. */
  async function below(corpId: string, departmentId: number): Promise<string[]> {
    const tree = await directory.departments(corpId)
    const wanted = new Set([departmentId])
    for (let grown = true; grown;) {
      const more = tree.filter((one) => wanted.has(one.parentId) && !wanted.has(one.departmentId))
      for (const one of more) wanted.add(one.departmentId)
      grown = more.length > 0
    }
    return [...wanted].map(String)
  }

  async function requirePerson(admin: AdminPrincipal, userId: string): Promise<Person> {
    const [person] = await directory.list(
      admin.corpId,
      { scope: scope(admin).byGuide(), userIds: [userId] },
      { limit: 1 },
    )
    if (!person) throw new AppError('NOT_FOUND', 'no such member in this scope')
    return person
  }

  return {
    /** The departments of the reader's scope. */
    async departments(admin: AdminPrincipal): Promise<DepartmentTree> {
      const mine = scope(admin)
      const tree = await readTree(admin.corpId)
      return { departments: tree.filter(({ departmentId }) => mine.hasStore(String(departmentId))) }
    },

    async list(admin: AdminPrincipal, query: PeopleQuery): Promise<PeoplePage> {
      const { corpId } = admin
      const { departmentId, state, q, who, limit, before } = query
      const cursor = readCursor(before, ['string'])
      const filter = {
        scope: scope(admin).byGuide(),
        storeIds: departmentId === undefined ? undefined : await below(corpId, departmentId),
        userIds: who === 'admins' ? await rights.listAdmins(corpId) : undefined,
        state,
        q,
      }
      const found = await directory.list(corpId, filter, { after: cursor?.[0], limit: limit + 1 })
      const { rows, next } = toPage(found, limit, ({ userId }) => toCursor(userId))
      return { people: await toViews(corpId, rows), next }
    },

    /** @throws AppError NOT_FOUND also for a member outside the scope */
    async person(admin: AdminPrincipal, userId: string): Promise<PersonView> {
      const [view] = await toViews(admin.corpId, [await requirePerson(admin, userId)])
      if (!view) throw new AppError('NOT_FOUND', 'no such member')
      return view
    },

    /**
     * Gives a role, or takes it when `wanted` is null.
     * @throws AppError NOT_FOUND, FORBIDDEN for what only an owner may do, CONFLICT for owners that cannot be changed here
     */
    async setRole(admin: AdminPrincipal, userId: string, wanted: GiveRole | null): Promise<PersonView> {
      const { corpId } = admin
      const person = await requirePerson(admin, userId)
      if (wanted && person.status === 'left') throw new AppError('CONFLICT', 'this member has left')
      if (userId === admin.userId) throw new AppError('CONFLICT', 'nobody changes his own role')
      const key = { corpId, userId: person.userId }
      const before: Role | null = await rights.assign(admin, key, wanted, (was) =>
        audit.note(admin, {
          action: wanted ? 'rights.role-given' : 'rights.role-taken',
          target: userId,
          before: was,
          after: wanted,
        }),
      )
      if (!before && !wanted) throw new AppError('NOT_FOUND', 'this member has no role')
      return this.person(admin, userId)
    },

    /** @throws AppError NOT_FOUND */
    async saveStore(admin: AdminPrincipal, departmentId: number, wanted: SaveStore): Promise<DepartmentView> {
      const { corpId } = admin
      scope(admin).requireStore(String(departmentId))
      const before = (await readTree(corpId)).find((one) => one.departmentId === departmentId)
      if (!before) throw new AppError('NOT_FOUND', 'no such department')
      for (const { from, to } of wanted.openingHours)
        if (from >= to) throw new AppError('BAD_REQUEST', 'a day opens before it closes', { at: '/body/openingHours' })
      await audit.note(admin, {
        action: 'people.store-saved',
        target: String(departmentId),
        before: before.store,
        after: wanted,
      })
      await stores.save(corpId, departmentId, wanted, clock.now())
      return { ...before, store: wanted }
    },
  }
}

export type PeopleService = ReturnType<typeof createPeopleService>
