export { createChatSimulator, type ChatSimulator, type ChatSimulatorOptions } from './chat-simulator.ts'
export type { ShopOptions } from './shop.service.ts'
