import { shallowRef } from 'vue'

export type Question = {
  title: string
  /** What exactly will happen: to what, to how many, and whether it can be undone. */
  text: string
  /** The words on the button that does it: «删除 3 条话术», never «确定». */
  action: string
  isDangerous?: boolean
  /** Has to be typed in before the button works; for what cannot be undone and touches much. */
  typed?: string
}

/** The question that is open now; `ConfirmDialog` in the shell shows it. */
export const openQuestion = shallowRef<{ question: Question; answer: (yes: boolean) => void } | null>(null)

/** Asks once before something destructive. @returns whether to go on */
export function confirmAction(question: Question): Promise<boolean> {
  openQuestion.value?.answer(false)
  return new Promise((resolve) => {
    openQuestion.value = {
      question,
      answer(yes) {
        openQuestion.value = null
        resolve(yes)
      },
    }
  })
}
