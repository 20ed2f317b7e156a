import path from 'node:path'

import { build, type Plugin, type Rolldown } from 'vite'

type Options = {
  /** Entry of the classic script that runs before the bundle arrives. */
  start: string
  target: string[]
}

/**
 * Puts the start script and the style sheet into the page itself, so that the first paint and the first call wait for
 * no file. The page marks the places with `<!--start-style-->` and `<!--start-script-->`.
 */
export function inlineFirstPaint({ start, target }: Options): Plugin {
  let root = ''
  return {
    name: 'guidebar:inline-first-paint',
    configResolved(config) {
      root = config.root
    },
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle }) {
        const script = await bundleStart(path.join(root, start), target)
        const style = bundle ? takeStyle(bundle) : ''
        return html
          .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
          .replace('<!--start-style-->', () => (style ? `<style>${style}</style>` : ''))
          .replace('<!--start-script-->', () => `<script>${script}</script>`)
      },
    },
  }
}

async function bundleStart(entry: string, target: string[]): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target,
      modulePreload: false,
      rolldownOptions: { input: entry, output: { format: 'iife' } },
    },
  })
  const outputs = [result].flat() as Rolldown.RolldownOutput[]
  const code = outputs[0]?.output[0].code
  if (!code) throw new Error(`The start script ${entry} gave no code`)
  // Inside HTML the script must not seem to end early.
  return code.trim().replace(/<\/(script)/gi, '<\\/$1')
}

/** Takes the one style sheet out of the build: inside the page it needs no file of its own. */
function takeStyle(bundle: Rolldown.OutputBundle): string {
  const names = Object.keys(bundle).filter((name) => /(^|\/)style-[^/]*\.css$/.test(name))
  return names
    .map((name) => {
      const sheet = bundle[name]
      if (sheet?.type !== 'asset') return ''
      delete bundle[name]
      return String(sheet.source).trim()
    })
    .join('')
}
