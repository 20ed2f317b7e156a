import type { QuickReplyView, RelationView } from '@guidebar/contracts'
import { useQuery } from '@tanstack/vue-query'
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'

import { usePanelApi } from '../../platform/panel-api.ts'
import { useServices } from '../../platform/services.ts'
import { articlesQuery } from '../articles/article.queries.ts'
import { tagGroupsQuery } from '../customer/context.queries.ts'
import { knowledgeQuery } from '../knowledge/knowledge.queries.ts'
import { toParagraphs } from '../knowledge/paragraphs.ts'
import { cardsQuery } from '../mini-program-cards/card.queries.ts'
import { replyMarksQuery } from '../quick-replies/marks.queries.ts'
import { repliesQuery } from '../quick-replies/reply.queries.ts'
import { createHitIndex, type Hit } from './hits.ts'
import { createPlaces, rankReplies } from './rank-replies.ts'

/** As long as the list may wait for what helps to rank it; what comes later is for the next visit. */
const orderPatienceMs = 800

/**
 * Everything the one box searches. Each kind comes and is indexed by itself, so that none waits for another; the order
 * of the replies is made once a visit.
 */
export function useHitIndexes(relation: () => RelationView | null) {
  const { api } = useServices()
  const panel = usePanelApi()
  // Shallow: two thousand replies behind proxies make every keystroke dearer.
  const replies = useQuery({ ...repliesQuery(api), shallow: true })
  const cards = useQuery({ ...cardsQuery(api), shallow: true })
  const knowledge = useQuery({ ...knowledgeQuery(panel), shallow: true })
  const articles = useQuery({ ...articlesQuery(panel), shallow: true })
  const tags = useQuery({ ...tagGroupsQuery(api), shallow: true, enabled: () => relation() !== null })
  const marks = useQuery({ ...replyMarksQuery(panel), shallow: true })

  const ranked = ref(false)
  const patience = setTimeout(() => (ranked.value = true), orderPatienceMs)
  onBeforeUnmount(() => clearTimeout(patience))
  watch([marks.data, marks.error], ([known, failed]) => (ranked.value ||= Boolean(known ?? failed)), {
    immediate: true,
  })

  const place = createPlaces()
  const inOrder = shallowRef<QuickReplyView[] | null>(null)
  watch(
    [replies.data, ranked],
    ([library, mayRank]) => {
      if (!library || !mayRank) return
      const facts = { marks: marks.data.value ?? null, tags: relation()?.tags ?? [] }
      inOrder.value = place(rankReplies(library.replies, facts))
    },
    { immediate: true },
  )

  const indexOf = <T>(items: T[] | undefined, toHit: (item: T) => Hit) => createHitIndex((items ?? []).map(toHit))
  const reply = computed(() => indexOf(inOrder.value ?? [], (each) => ({ kind: 'reply', reply: each })))
  const card = computed(() => {
    const likeliest = [...(cards.data.value?.cards ?? [])].sort((a, b) => b.teamUses - a.teamUses)
    return indexOf(likeliest, (each) => ({ kind: 'card', card: each }))
  })
  const paragraphs = computed(() => (knowledge.data.value ? toParagraphs(knowledge.data.value) : []))
  const paragraph = computed(() => indexOf(paragraphs.value, (each) => ({ kind: 'paragraph', paragraph: each })))
  const article = computed(() => indexOf(articles.data.value?.articles, (each) => ({ kind: 'article', article: each })))
  const tag = computed(() =>
    indexOf(
      (tags.data.value?.groups ?? []).flatMap(({ groupId, name: groupName, tags: own }) =>
        own.map((each) => ({ ...each, groupId, groupName })),
      ),
      (each) => ({ kind: 'tag', tag: each }),
    ),
  )
  // Laid out one after another while nobody types: the first keystroke must not pay for five thousand cards.
  const parts = [reply, card, paragraph, article, tag]
  let next: ReturnType<typeof setTimeout> | undefined
  function build(at: number) {
    next = setTimeout(() => {
      if (parts[at]?.value && at + 1 < parts.length) build(at + 1)
    })
  }
  watch(
    [inOrder, cards.data, knowledge.data, articles.data, tags.data],
    () => {
      clearTimeout(next)
      build(0)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => clearTimeout(next))

  const indexes = computed(() => ({
    reply: reply.value,
    card: card.value,
    paragraph: paragraph.value,
    article: article.value,
    tag: tag.value,
  }))
  return { indexes, inOrder, paragraphs, articles, replies, marks }
}
