import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, h, nextTick, ref, type Component } from 'vue'

import { createToasts } from './toasts.ts'
import UiButton from './UiButton.vue'
import UiChip from './UiChip.vue'
import UiNote from './UiNote.vue'
import UiSheet from './UiSheet.vue'
import UiTabs from './UiTabs.vue'
import UiToaster from './UiToaster.vue'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})

function show(component: Component, props: Record<string, unknown> = {}, slots: Record<string, () => unknown> = {}) {
  const root = document.createElement('div')
  document.body.append(root)
  const app = createApp({ render: () => h(component, props, slots) })
  app.mount(root)
  return { root, close: () => app.unmount() }
}
const press = (key: string, init: KeyboardEventInit = {}) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }))

test('a sheet takes the focus, keeps it, gives it back, and closes on Esc', async () => {
  const opener = document.createElement('button')
  document.body.append(opener)
  opener.focus()
  const onClose = vi.fn<() => void>()
  const { close } = show(
    UiSheet,
    { title: '标签', closeLabel: 'close', onClose },
    { default: () => h('input', { 'data-autofocus': '' }), actions: () => h('button', { id: 'last' }, 'ok') },
  )
  await nextTick()
  await nextTick()

  const dialog = document.querySelector('[role=dialog]')
  expect(document.getElementById(dialog?.getAttribute('aria-labelledby') ?? '')?.textContent).toBe('标签')
  expect(document.activeElement?.tagName).toBe('INPUT')
  document.getElementById('last')?.focus()
  press('Tab')
  expect(document.activeElement?.getAttribute('aria-label')).toBe('close')
  press('Tab', { shiftKey: true })
  expect(document.activeElement?.id).toBe('last')
  press('Escape', { isComposing: true })
  expect(onClose).not.toHaveBeenCalled()
  press('Escape')
  expect(onClose).toHaveBeenCalledTimes(1)
  close()
  expect(document.activeElement).toBe(opener)
})

test('tabs move with the arrows and keep one stop in the tab order', async () => {
  const current = ref('a')
  const tabs = ['a', 'b', 'c'].map((name) => ({ name, label: name }))
  const root = document.createElement('div')
  document.body.append(root)
  createApp({
    render: () =>
      h(UiTabs as Component, {
        tabs,
        label: 'tabs',
        panelId: 'p',
        modelValue: current.value,
        'onUpdate:modelValue': (name: string) => (current.value = name),
      }),
  }).mount(root)
  const all = [...root.querySelectorAll<HTMLElement>('[role=tab]')]
  all[0]?.focus()

  press('ArrowLeft')
  await nextTick()
  expect([current.value, document.activeElement?.id]).toEqual(['c', 'p-c'])
  press('ArrowRight')
  await nextTick()

  expect(current.value).toBe('a')
  expect(all.map((tab) => tab.tabIndex)).toEqual([0, -1, -1])
})

test('a toast with an undo stays eight seconds, longer under the pointer, and undoes once', async () => {
  const toasts = createToasts()
  const undo = vi.fn<() => void>()
  const { root } = show(UiToaster, { toasts, undoLabel: 'undo', closeLabel: 'close' })
  toasts.show({ text: 'removed', undo })
  await nextTick()

  vi.advanceTimersByTime(7_900)
  expect(toasts.list).toHaveLength(1)
  toasts.hold()
  vi.advanceTimersByTime(60_000)
  expect(toasts.list).toHaveLength(1)
  toasts.release()
  await nextTick()
  ;[...root.querySelectorAll('button')].find((button) => button.textContent === 'undo')?.click()

  expect(undo).toHaveBeenCalledTimes(1)
  expect(toasts.list).toHaveLength(0)
})

test('good news waits its turn, bad news interrupts', async () => {
  const toasts = createToasts()
  const { root } = show(UiToaster, { toasts, undoLabel: 'undo', closeLabel: 'close' })
  expect(root.querySelector('[role=status]')).not.toBeNull()
  toasts.show({ text: 'saved', tone: 'good' })
  toasts.show({ text: 'refused', tone: 'bad', code: 'X1' })
  await nextTick()

  expect(root.querySelector('[role=status]')?.textContent).toContain('saved')
  expect(root.querySelector('[role=alert]')?.textContent).toContain('refused')
  expect(root.querySelector('[role=alert]')?.textContent).toContain('X1')
})

test('three toasts at most', () => {
  const toasts = createToasts()
  for (const text of ['1', '2', '3', '4']) toasts.show({ text })

  expect(toasts.list.map((toast) => toast.text)).toEqual(['2', '3', '4'])
})

test('a chip is a switch only when it is asked to be one', () => {
  const plain = show(UiChip, { removable: true, removeLabel: 'remove VIP' }, { default: () => 'VIP' })
  const asSwitch = show(UiChip, { pressed: false }, { default: () => 'VIP' })

  expect(plain.root.querySelector('[aria-pressed]')).toBeNull()
  expect(plain.root.querySelector('button')?.getAttribute('aria-label')).toBe('remove VIP')
  expect(asSwitch.root.querySelector('button')?.getAttribute('aria-pressed')).toBe('false')
})

test('a busy button says so and keeps its name; an icon button has one', () => {
  const busy = show(UiButton, { busy: true }, { default: () => 'Send' })
  const icon = show(UiButton, { icon: 'close', label: 'Close' })

  expect(busy.root.querySelector('button')?.getAttribute('aria-busy')).toBe('true')
  expect(busy.root.textContent).toBe('Send')
  expect(icon.root.querySelector('button')?.getAttribute('aria-label')).toBe('Close')
})

test('a failure’s code can be copied', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => undefined)
  vi.stubGlobal('navigator', { clipboard: { writeText } })
  const { root } = show(UiNote, { tone: 'bad', title: 't', code: 'X1 · r-1', copyLabel: 'copy', copiedLabel: 'copied' })

  root.querySelector('button')?.click()
  await vi.waitFor(() => expect(root.textContent).toContain('copied'))

  expect(root.querySelector('[role=alert]')).not.toBeNull()
  expect(writeText).toHaveBeenCalledWith('X1 · r-1')
  vi.unstubAllGlobals()
})
