import { createWecomEmulator } from '@guidebar/wecom-emulator'

import { answerQuestions } from './child.ts'

export type EmulatorQuestion = { guides: number; relations: number; seed: number; corpId: string; secret: string }
export type EmulatorAnswer = { url: string; agentId: number }

let emulator: Awaited<ReturnType<typeof createWecomEmulator>> | undefined

answerQuestions<EmulatorQuestion>(
  async ({ guides, relations, seed, corpId, secret }) => {
    emulator = await createWecomEmulator({ seed, settings: { corp: { corpId }, agent: { secret } } })
    await emulator.control.generate({ guides, relations, seed })
    const { agent } = await emulator.control.settings()
    return { url: emulator.url, agentId: agent.agentId } satisfies EmulatorAnswer
  },
  async () => emulator?.close(),
)
