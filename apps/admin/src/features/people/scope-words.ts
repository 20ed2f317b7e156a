import type { DataScope } from '@guidebar/contracts'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

import { departmentsQuery } from './people.queries.ts'

/** A data scope in words: «门店：天河店、越秀店». */
export function useScopeWords() {
  const { t } = useI18n()
  const { data: tree } = useQuery(departmentsQuery)
  const names = computed(() => new Map(tree.value?.departments.map(({ departmentId, name }) => [departmentId, name])))

  return (scope: DataScope): string => {
    const kind = t(`scopes.${scope.kind}`)
    if (scope.kind === 'all' || scope.kind === 'self') return kind
    const list = scope.departmentIds.map((id) => names.value.get(id) ?? String(id))
    return t('people.scopeOf', { kind, names: list.join(t('people.listMark')) })
  }
}
