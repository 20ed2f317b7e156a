import type { ClientActionName, ClientActions } from '../control-contract.ts'
import type { RelationRecord } from '../state/records.ts'
import { ControlError, needCustomer, needMemberRecord, needPair, needTags } from '../state/load.ts'
import { liveTagsOf } from '../state/relation.store.ts'
import type { World } from '../state/world.ts'
import { toRelationView } from '../views.ts'
import type { CallbackSender } from './callback.sender.ts'
import { contactActions } from './contact.actions.ts'
import { chatActions } from './chat.actions.ts'
import { tagActions } from './tag.actions.ts'

export type Actions = { [K in ClientActionName]: (input: ClientActions[K]['input']) => ClientActions[K]['output'] }

export interface ActionDeps {
  world: World
  callbacks: CallbackSender
}

/** What people do by hand. Only this raises events: changes made through the API raise none. */
export function createClientActions(deps: ActionDeps): Actions {
  return { ...relationActions(deps), ...tagActions(deps), ...contactActions(deps), ...chatActions(deps) }
}

type RelationActionName =
  | 'addCustomer'
  | 'editRelation'
  | 'guideDeletesCustomer'
  | 'customerDeletesGuide'
  | 'editCustomer'
  | 'startChat'
  | 'otherAppWelcomes'

function relationActions({ world, callbacks }: ActionDeps): Pick<Actions, RelationActionName> {
  /** The app hears only of guides in its visible range, and only while it may call customer contact. */
  function raise(relation: RelationRecord, changeType: string, more: Record<string, string | undefined> = {}) {
    if (!world.settings.customerContactCallable || !world.directory.isVisible(relation.guide)) return
    callbacks.raise('change_external_contact', changeType, {
      ChangeType: changeType,
      UserID: relation.guide.userId,
      ExternalUserID: relation.customer.externalUserId,
      ...more,
    })
  }

  return {
    addCustomer({ userId, externalUserId, customer: seed, half, withoutWelcomeCode, ...relationSeed }) {
      const guide = needMemberRecord(world, userId)
      const customer = externalUserId
        ? (world.relations.customers.get(externalUserId) ??
          world.relations.putCustomer({ name: '微信用户', ...seed, externalUserId }))
        : world.relations.putCustomer({ name: '微信用户', ...seed })
      const before = world.relations.find(guide, customer.externalUserId)
      const kept = before && before.status !== 'half' ? { remark: before.remark } : {}
      const relation = world.relations.put(
        guide,
        customer,
        { ...relationSeed, ...kept, status: half ? 'half' : 'both' },
        before ? liveTagsOf(before) : [],
        world.faults.takeListLag(),
      )
      const pair = [guide.userId, customer.externalUserId] as const
      const wasWelcomed = before?.status === 'half' && world.welcomes.wasWelcomed(...pair)
      const welcomeCode =
        withoutWelcomeCode || wasWelcomed || customer.type === 2 ? null : world.welcomes.issue(...pair)
      raise(relation, half ? 'add_half_external_contact' : 'add_external_contact', {
        State: relation.state || undefined,
        WelcomeCode: welcomeCode ?? undefined,
      })
      return { externalUserId: customer.externalUserId, welcomeCode }
    },

    editRelation({ userId, externalUserId, remark, addTagIds, removeTagIds, ...notes }) {
      const relation = needPair(world, userId, externalUserId)
      const removed = new Set(needTags(world, removeTagIds ?? []))
      const added = needTags(world, addTagIds ?? [])
      world.relations.edit(relation, {
        tags: [...new Set([...liveTagsOf(relation), ...added])].filter((tag) => !removed.has(tag)),
        ...(remark !== undefined && { remark }),
        ...(Object.keys(notes).length > 0 && { notes: { ...relation.notes, ...notes } }),
      })
      raise(relation, 'edit_external_contact')
      return toRelationView(relation)
    },

    guideDeletesCustomer({ userId, externalUserId, byTransfer }) {
      const relation = needPair(world, userId, externalUserId)
      world.relations.remove(relation, world.faults.takeListLag())
      raise(relation, 'del_external_contact', { Source: byTransfer ? 'DELETE_BY_TRANSFER' : undefined })
      return null
    },

    customerDeletesGuide({ userId, externalUserId }) {
      const relation = needPair(world, userId, externalUserId)
      world.relations.edit(relation, { status: 'customerDeleted' })
      raise(relation, 'del_follow_user')
      return null
    },

    editCustomer(seed) {
      const before = needCustomer(world, seed.externalUserId)
      const { work, relations: _, ...fields } = before
      world.relations.putCustomer({ ...fields, ...work, ...seed })
      return null
    },

    startChat({ userId, externalUserId }) {
      needPair(world, userId, externalUserId)
      world.welcomes.beginChat(userId, externalUserId)
      return null
    },

    otherAppWelcomes({ welcomeCode, sent }) {
      const code = world.welcomes.find(welcomeCode)
      if (!code) throw new ControlError(404, `no welcome code ${welcomeCode}`)
      code.state = sent ? 'over' : 'otherAppSending'
      return null
    },
  }
}
