import { createMongoAbility, type MongoAbility, type RawRuleOf } from '@casl/ability'
import {
  rightsActions,
  rightsSubjects,
  type AdminRole,
  type DataScope,
  type Right,
  type RightsAction,
  type RightsSubject,
} from '@guidebar/contracts'

export type AdminAbility = MongoAbility<[RightsAction, RightsSubject]>
type Grants = Partial<Record<RightsSubject, readonly RightsAction[]>>

const everything: Grants = Object.fromEntries(rightsSubjects.map((subject) => [subject, rightsActions]))

/** What each role may do. */
const grantsOf: Record<AdminRole, Grants> = {
  owner: everything,
  // Who else is an owner is said by owners only; the rights service sees to that.
  admin: everything,
  dataOfficer: {
    self: rightsActions,
    home: ['read'],
    sync: ['read'],
    customers: ['read', 'export', 'reveal'],
    segments: ['read', 'write', 'export'],
    tags: ['read'],
    replies: ['read', 'export'],
    cards: ['read'],
    knowledge: ['read'],
    articles: ['read'],
    tasks: ['read'],
    itemRequests: ['read'],
    people: ['read'],
    audit: ['read', 'export'],
  },
  storeManager: {
    self: rightsActions,
    home: ['read'],
    customers: ['read', 'reveal'],
    segments: ['read', 'write'],
    tags: ['read'],
    replies: ['read', 'write', 'publish'],
    cards: ['read', 'write', 'publish'],
    knowledge: ['read', 'write', 'publish'],
    articles: ['read', 'write', 'publish'],
    tasks: ['read', 'write'],
    itemRequests: ['read'],
    people: ['read'],
  },
}

/**
 * What is left to somebody whose data scope is not the whole corp, whatever his role: only subjects whose routes narrow
 * everything by `scope(principal)`, or show what is the corp's and no secret of a store.
 * A subject that is not written here is closed to such people.
 */
const narrowGrants: Grants = {
  self: rightsActions,
  home: ['read'],
  tasks: ['read', 'write'],
  customers: rightsActions,
  segments: rightsActions,
  people: ['read'],
  replies: rightsActions,
  tags: ['read'],
  cards: ['read', 'write', 'publish'],
  knowledge: ['read', 'write', 'publish'],
  articles: ['read', 'write', 'publish'],
}

/** What a role may do with this data scope. */
export function createAbility(role: AdminRole, scope: DataScope): AdminAbility {
  const rules: RawRuleOf<AdminAbility>[] = []
  for (const [subject, actions] of Object.entries(grantsOf[role]) as [RightsSubject, RightsAction[]][]) {
    const allowed = actions.filter((action) => scope.kind === 'all' || narrowGrants[subject]?.includes(action))
    if (allowed.length > 0) rules.push({ action: allowed, subject })
  }
  return createMongoAbility<AdminAbility>(rules)
}

/** Everything this ability allows, by name. */
export const listRights = (ability: AdminAbility): Right[] =>
  rightsSubjects.flatMap((subject) =>
    rightsActions.filter((action) => ability.can(action, subject)).map((action): Right => `${action}:${subject}`),
  )
