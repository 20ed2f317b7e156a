import { ApiError } from '@guidebar/api-client'
import { useI18n } from 'vue-i18n'

import { toasts } from './toasts.ts'

export type FailureWords = { cause?: string; next: string; code: string }

/** What a failure is in the reader's words: cause, next step, and a code for support. */
export function useFailureWords() {
  const { t, te } = useI18n()

  function wordsOf(error: unknown): FailureWords {
    const known = error instanceof ApiError ? error : null
    const code = [known?.code ?? 'INTERNAL', known?.errcode, known?.check, known?.requestId].filter(Boolean).join(' · ')
    const key = `errors.codes.${known?.code}`
    return te(`${key}.cause`, 'zh-CN')
      ? { cause: t(`${key}.cause`), next: t(`${key}.next`), code }
      : { next: t('errors.next'), code }
  }

  return {
    wordsOf,
    /** Says what went wrong with something the reader did; for mutations. */
    tellFailure(error: unknown): void {
      const { cause = '', next, code } = wordsOf(error)
      toasts.show({ tone: 'bad', text: `${cause}${next}`, code })
    },
  }
}
