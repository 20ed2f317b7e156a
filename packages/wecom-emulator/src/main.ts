import { parseArgs } from 'node:util'
import type { GenerateInput, SettingsPatch } from './control-contract.ts'
import { createWecomEmulator } from './index.ts'

const usage = `usage: node packages/wecom-emulator/src/main.ts [--port 4100] [--seed 1] [--settings JSON]
         [--guides N --relations N [--tag-groups N] [--shared-share 0.07]]
  --port      where it listens on 127.0.0.1; 0 = any free port
  --seed      of ids, tokens, faults and the generated corp
  --settings  settings to begin with and to return to on reset, such as {"corp":{"corpId":"ww…"}}
  --guides, --relations   fill the corp before it is ready`

function readWholeNumber(name: string, value: string, max: number): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0 || number > max)
    throw new RangeError(`--${name} must be a whole number of 0 to ${max}`)
  return number
}

function readSettings(text: string | undefined): SettingsPatch {
  if (text === undefined) return {}
  try {
    return JSON.parse(text) as SettingsPatch
  } catch (error) {
    throw new SyntaxError('--settings must be JSON', { cause: error })
  }
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4100' },
      seed: { type: 'string', default: '1' },
      settings: { type: 'string' },
      guides: { type: 'string' },
      relations: { type: 'string' },
      'tag-groups': { type: 'string' },
      'shared-share': { type: 'string' },
    },
  })
  const seed = readWholeNumber('seed', values.seed, 4294967295)
  if ((values.guides === undefined) !== (values.relations === undefined))
    throw new RangeError('--guides and --relations belong together')
  const generate: GenerateInput | null =
    values.guides === undefined || values.relations === undefined
      ? null
      : {
          guides: readWholeNumber('guides', values.guides, 100_000),
          relations: readWholeNumber('relations', values.relations, 5_000_000),
          seed,
          ...(values['tag-groups'] && { tagGroups: readWholeNumber('tag-groups', values['tag-groups'], 200) }),
          ...(values['shared-share'] && { sharedShare: Number(values['shared-share']) }),
        }
  return { port: readWholeNumber('port', values.port, 65535), seed, settings: readSettings(values.settings), generate }
}

try {
  const { generate, ...options } = readArguments()
  const emulator = await createWecomEmulator(options)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void emulator.close().then(() => process.exit(0)))
  const generated = generate && (await emulator.control.generate(generate))
  console.log(`EMULATOR_READY ${JSON.stringify({ url: emulator.url, generated })}`)
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  console.error(
    inUse
      ? 'The port is in use: choose another one with --port.'
      : `${error instanceof Error ? error.message : 'failed'}\n${usage}`,
  )
  process.exit(1)
}
