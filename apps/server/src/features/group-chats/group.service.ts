import type { GroupView } from '@guidebar/contracts'
import { WecomError, type GroupChat } from '@guidebar/wecom'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { Group } from './group.model.ts'
import type { GroupRepository } from './group.repository.ts'

type Deps = {
  groups: GroupRepository
  guides: { names(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>> }
  corps: Corps
  clock: Clock
}

/** As long as somebody who left a group may go unnoticed. */
const freshMs = 60_000
const patienceMs = 2_000
/** No such group, or one that is out of our sight. */
const goneCodes = [90501, 49008, 40058, 90500]

/** Customer groups, for guides who are members of them. */
export function createGroupService({ groups, guides, corps, clock }: Deps) {
  const kept = createKeptAnswers<Group | null>({ ttlMs: 5_000, now: () => clock.now().getTime() })
  const notFound = () => new AppError('GROUP_NOT_FOUND', 'this guide is not a member of that group', { at: '/chatId' })

  /** From WeCom when our copy is not fresh; when WeCom does not answer, the copy has to do. */
  async function load(corpId: string, chatId: string): Promise<Group | null> {
    const stored = await groups.find(corpId, chatId)
    const readAt = clock.now()
    if (stored && readAt.getTime() - stored.readAt.getTime() < freshMs) return stored
    const corp = corps.get(corpId)
    if (!corp) return null
    try {
      const signal = AbortSignal.timeout(patienceMs)
      const group = toGroup(corpId, await corp.wecom.groupChat.get(chatId, { lane: 'interactive', signal }), readAt)
      await groups.save(group)
      return group
    } catch (error) {
      if (error instanceof WecomError && goneCodes.includes(error.errcode)) {
        await groups.remove(corpId, chatId)
        return null
      }
      if (stored) return stored
      throw toAppError(error)
    }
  }

  async function requireMember({ corpId, userId }: GuidePrincipal, chatId: string): Promise<Group> {
    const group = await kept.read(`${corpId}/${chatId}`, () => load(corpId, chatId))
    const isMember = (id: string) => id.toLowerCase() === userId.toLowerCase()
    if (!group || ![group.ownerUserId, ...group.memberUserIds].some(isMember)) throw notFound()
    return group
  }

  return {
    /** @throws AppError GROUP_NOT_FOUND; WECOM_UNAVAILABLE and the like when WeCom does not answer and we know nothing */
    requireMember,

    /** As we last knew it; empty when we never did. */
    nameOf: async (corpId: string, chatId: string): Promise<string> => (await groups.find(corpId, chatId))?.name ?? '',

    /** @throws as `requireMember` */
    async view(guide: GuidePrincipal, chatId: string): Promise<GroupView> {
      const group = await requireMember(guide, chatId)
      const names = await guides.names(guide.corpId, [group.ownerUserId])
      return {
        chatId,
        name: group.name,
        ownerName: names.get(group.ownerUserId)?.name ?? '',
        isOwner: group.ownerUserId.toLowerCase() === guide.userId.toLowerCase(),
        members: group.memberUserIds.length + group.customers,
        customers: group.customers,
        notice: group.notice,
        createdAt: group.createdAt.toISOString(),
        readAt: group.readAt.toISOString(),
      }
    },
  }
}

export type GroupService = ReturnType<typeof createGroupService>

function toGroup(corpId: string, chat: GroupChat, readAt: Date): Group {
  const { chatId, name, ownerUserId, notice, memberUserIds, externalUserIds, createdAt } = chat
  return {
    _id: `${corpId}/${chatId}`,
    corpId,
    chatId,
    name,
    ownerUserId,
    notice,
    memberUserIds,
    createdAt,
    readAt,
    customers: externalUserIds.length,
  }
}
