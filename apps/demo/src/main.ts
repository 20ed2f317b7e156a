import { OptionError, parseOptions } from './options.ts'
import { DemoFailure, startDemo } from './start-demo.ts'

/** `npm run demo`: the whole of Guidebar with a pretend WeCom, on this machine alone. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2))
  const demo = await startDemo({ ...options, say: (line) => console.log(line) })

  console.log(`
Guidebar is ready.

  Chat simulator       ${demo.simulator}
                       pick a chat on the left; the side panel on the right is the product
  Admin panel          ${demo.admin}
                       sign in as 高远 or 周敏 on the page that stands for the QR code
  API reference        ${demo.api}
  Emulated WeCom       ${demo.emulator}

Ctrl-C ends it.`)
  const { simulator, admin, api, emulator } = demo
  console.log(`DEMO_READY ${JSON.stringify({ simulator, admin, api, emulator })}`)

  let ending = false
  const end = () => {
    // A second Ctrl-C means «now».
    if (ending) process.exit(130)
    ending = true
    console.log('Ending …')
    demo.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}

main().catch((error: unknown) => {
  const known = error instanceof OptionError || error instanceof DemoFailure
  console.error(known ? error.message : error)
  process.exit(1)
})
