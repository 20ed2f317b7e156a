import { shallowReactive } from 'vue'

export type Toast = {
  id: number
  tone: 'plain' | 'good' | 'bad'
  text: string
  /** What may be taken back, as long as the toast is there. */
  undo?: () => void
  /** A code for support, copied with one tap. */
  code?: string
}

const shownMs = { plain: 4_000, undo: 8_000, bad: 10_000 }

/** The toasts of one page. At most three are there at once; one with an undo stays eight seconds. */
export function createToasts() {
  const list = shallowReactive<Toast[]>([])
  const timers = new Map<number, ReturnType<typeof setTimeout>>()
  let last = 0

  function dismiss(id: number) {
    clearTimeout(timers.get(id))
    timers.delete(id)
    const at = list.findIndex((toast) => toast.id === id)
    if (at >= 0) list.splice(at, 1)
  }
  function startTimer(toast: Toast) {
    clearTimeout(timers.get(toast.id))
    const ms = toast.tone === 'bad' ? shownMs.bad : toast.undo ? shownMs.undo : shownMs.plain
    timers.set(
      toast.id,
      setTimeout(() => dismiss(toast.id), ms),
    )
  }
  return {
    list: list as readonly Toast[],
    show({ tone = 'plain', ...rest }: Partial<Pick<Toast, 'tone'>> & Omit<Toast, 'id' | 'tone'>): number {
      const toast: Toast = { id: ++last, tone, ...rest }
      list.push(toast)
      while (list.length > 3 && list[0]) dismiss(list[0].id)
      startTimer(toast)
      return toast.id
    },
    dismiss,
    clear: () => {
      for (const toast of list.slice()) dismiss(toast.id)
    },
    /** While the pointer or the focus is on the toasts, none of them leaves. */
    hold: () => {
      for (const timer of timers.values()) clearTimeout(timer)
    },
    release: () => {
      for (const toast of list) startTimer(toast)
    },
  }
}
export type Toasts = ReturnType<typeof createToasts>
