import type { EmulatorSettings, SettingsPatch } from '../control-contract.ts'
import { createCallLog } from './call-log.ts'
import { createChangeCounter } from './changes.ts'
import { createChatStore } from './chat.store.ts'
import { createEmulatorClock } from './clock.ts'
import { createCredentialStore } from './credential.store.ts'
import { createCursors } from './cursor.ts'
import { createDirectoryStore } from './directory.store.ts'
import { createFaultStore } from './fault.store.ts'
import { createLimitStore } from './limit.store.ts'
import { createMediaStore } from './media.store.ts'
import { createMessageStore } from './message.store.ts'
import { createIds, createRandom } from './random.ts'
import { createRelationStore } from './relation.store.ts'
import { defaultSettings, mergeSettings } from './settings.ts'
import { createTagStore } from './tag.store.ts'
import { createWelcomeStore } from './welcome.store.ts'

export interface WorldOptions {
  seed: number
  clock: () => Date
  settings: SettingsPatch
}

/** Everything the emulated corp is made of. Its parts are replaced on reset, so take them from the world each time. */
export function createWorld(options: WorldOptions) {
  const clock = createEmulatorClock(options.clock)
  // Of the whole run: a reset is a change too, and the count never falls.
  const changes = createChangeCounter()
  const firstSettings = mergeSettings(defaultSettings(), options.settings)
  let settings: EmulatorSettings = firstSettings
  const current = () => settings

  function createParts() {
    const random = createRandom(options.seed)
    const ids = createIds(random)
    return {
      random,
      ids,
      directory: createDirectoryStore(changes, current),
      tags: createTagStore(ids, clock, changes),
      relations: createRelationStore(ids, clock, changes),
      credentials: createCredentialStore(ids, clock, current),
      cursors: createCursors(clock, () => settings.uncertain.cursorLifeSec),
      media: createMediaStore(ids, clock),
      messages: createMessageStore(ids, clock),
      chats: createChatStore(ids, clock, changes),
      log: createCallLog(),
      faults: createFaultStore(random),
      limits: createLimitStore(clock, current),
      welcomes: createWelcomeStore(random, clock, () => settings.uncertain.usedWelcomeErrcode),
    }
  }

  const held = new Set<() => void>()
  return {
    ...createParts(),
    clock,
    changes,
    get settings() {
      return settings
    },
    changeSettings(patch: SettingsPatch) {
      settings = mergeSettings(settings, patch)
      return settings
    },
    reset({ keepSettings = false } = {}) {
      if (!keepSettings) {
        settings = firstSettings
        clock.reset()
      }
      Object.assign(this, createParts())
      changes.add()
      this.releaseHeld()
    },
    /** Waits until the emulator is reset or closed: a call that never gets its answer. */
    hold: () => new Promise<void>((resolve) => held.add(resolve)),
    heldCount: () => held.size,
    releaseHeld() {
      for (const release of held) release()
      held.clear()
    },
  }
}

export type World = ReturnType<typeof createWorld>
