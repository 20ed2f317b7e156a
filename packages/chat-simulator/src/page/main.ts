import './page.css'

import { createApp } from 'vue'

import type { SimulatorHandle } from '../simulator-handle.ts'
import App from './App.vue'
import { createSimulator, simulatorKey } from './useSimulator.ts'

declare global {
  interface Window {
    readonly simulator: SimulatorHandle
  }
}

const simulator = createSimulator()

const snapshot = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const handle: SimulatorHandle = {
  get calls() {
    return snapshot(simulator.calls.value) as SimulatorHandle['calls']
  },
  get messages() {
    return snapshot(simulator.messages.value) as SimulatorHandle['messages']
  },
  get conversationId() {
    return simulator.openChat.value?.id ?? null
  },
  get userId() {
    return simulator.guide.value?.userId ?? null
  },
}
Object.defineProperty(window, 'simulator', { value: Object.freeze(handle) })

createApp(App).provide(simulatorKey, simulator).mount('#app')
void simulator.start()
