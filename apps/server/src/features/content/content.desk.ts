import type { ContentKind, ContentSetting, FolderList, RenameFolder } from '@guidebar/contracts'

import { AppError } from '../../platform/errors.ts'
import type { LibraryStamps } from '../../platform/library-stamp.ts'
import type { FolderOrders } from '../../platform/shelf/folder-orders.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { CardService } from '../mini-program-cards/card.service.ts'
import type { QuickReplyService } from '../quick-replies/quick-reply.service.ts'
import type { Actor } from './content.actor.ts'
import type { ContentService } from './content.service.ts'
import type { CoverageService } from './coverage.service.ts'

type Deps = {
  content: ContentService
  coverage: CoverageService
  orders: FolderOrders
  stamps: LibraryStamps
  replies: Pick<QuickReplyService, 'orderFolders'>
  cards: Pick<CardService, 'listPrograms' | 'linkProgram'>
  stores: { listStores(corpId: string): Promise<{ id: string; name: string }[]> }
  audit: AuditService
}

/** What stands around the content: folders, stores, mini programs, rules. */
export function createContentDesk({ content, coverage, orders, stamps, replies, cards, stores, audit }: Deps) {
  const list = async (actor: Actor, kind: ContentKind): Promise<FolderList> => ({
    folders: await content.folders(actor, kind, await orders.read(actor.corpId, kind)),
  })

  async function saveOrder(corpId: string, kind: ContentKind, names: string[]): Promise<void> {
    if (kind === 'replies') return replies.orderFolders(corpId, names)
    await stamps.changing(`${kind}/${corpId}`, () => orders.save(corpId, kind, names))
  }

  /** The order is one for all stores. */
  function requireWholeCorp({ reach }: Actor): void {
    if (reach) throw new AppError('FORBIDDEN', 'this takes a reach over the whole corp')
  }

  return {
    content,
    coverage,

    folders: {
      list,
      /** @throws AppError FORBIDDEN for those who do not reach the whole corp */
      async order(actor: Actor, kind: ContentKind, names: string[]): Promise<FolderList> {
        requireWholeCorp(actor)
        await audit.note(actor, { action: 'content.folders-ordered', target: kind, details: { names } })
        await saveOrder(actor.corpId, kind, names)
        return list(actor, kind)
      },
      /** Only what one may change goes along; the new folder takes the old one's place. */
      async rename(actor: Actor, kind: ContentKind, { from, to }: RenameFolder): Promise<FolderList> {
        await content.renameFolder(actor, kind, { from, to })
        const names = await orders.read(actor.corpId, kind)
        if (!actor.reach && names.includes(from)) {
          const renamed = names.map((name) => (name === from ? to.trim() : name)).filter(Boolean)
          await saveOrder(actor.corpId, kind, [...new Set(renamed)])
        }
        return list(actor, kind)
      },
    },

    async setting(actor: Actor): Promise<ContentSetting> {
      const { corpId, reach, ability } = actor
      const [all, programs, rules] = await Promise.all([
        stores.listStores(corpId),
        cards.listPrograms(corpId),
        content.rules(corpId),
      ])
      return {
        stores: all.filter(({ id }) => !reach || reach.storeIds.includes(id)),
        forEverybody: !reach,
        programs: programs.map(({ appId, name }) => ({ appId, name })),
        rules,
        mayRule: !reach && ability.can('write', 'settings'),
      }
    },

    async linkProgram(actor: Actor, program: { appId: string; name: string }): Promise<void> {
      requireWholeCorp(actor)
      await audit.note(actor, { action: 'content.program-linked', target: program.appId })
      await cards.linkProgram(actor.corpId, program)
    },
  }
}

export type ContentDesk = ReturnType<typeof createContentDesk>
