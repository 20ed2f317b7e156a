import type { JudgeTag, RelationTag, TagCare } from '@guidebar/contracts'
import { useQueryClient } from '@tanstack/vue-query'

import { toSupportCode, useFailureWords } from '../../platform/failure-words.ts'
import { useI18n } from '../../platform/i18n.ts'
import { usePanelApi } from '../../platform/panel-api.ts'
import { useServices } from '../../platform/services.ts'
import { tagCareQuery } from './tag-care.queries.ts'

/** «Still true» and «not this one»: shown at once, taken back with one tap, and asked anew when the server refuses. */
export function useTagJudging(externalUserId: string) {
  const api = usePanelApi()
  const { toasts } = useServices()
  const { t } = useI18n()
  const words = useFailureWords()
  const queries = useQueryClient()
  const { queryKey } = tagCareQuery(api, externalUserId)

  async function write(tag: RelationTag, verdict: JudgeTag['verdict']): Promise<void> {
    await queries.cancelQueries({ queryKey })
    queries.setQueryData(queryKey, (care) => care && withVerdict(care, tag.tagId, verdict))
    try {
      await api.judgeTag(externalUserId, tag.tagId, { verdict })
    } catch (error) {
      toasts.show({ tone: 'bad', text: words(error).title, code: toSupportCode(error) })
    }
    await queries.invalidateQueries({ queryKey })
  }
  return (tag: RelationTag, verdict: 'confirmed' | 'declined'): void => {
    void write(tag, verdict)
    toasts.show({ text: t(`tagCare.${verdict}`, { name: tag.name }), undo: () => void write(tag, 'open') })
  }
}

function withVerdict(care: TagCare, tagId: string, verdict: JudgeTag['verdict']): TagCare {
  if (verdict === 'declined') return { ...care, suggested: care.suggested.filter(({ tag }) => tag.tagId !== tagId) }
  if (verdict === 'open') return care
  const confirmedAt = new Date().toISOString()
  return { ...care, own: care.own.map((own) => (own.tagId === tagId ? { tagId, confirmedAt, isStale: false } : own)) }
}
