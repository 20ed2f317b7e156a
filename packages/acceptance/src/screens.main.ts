import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { launchBrowser } from '@guidebar/testkit/browser'
import type { Browser } from 'playwright-core'

import { groupPictures, type Sheet } from './contact-sheets.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const pictures = path.join(root, 'screenshots')
const sheetsFolder = path.join(root, 'docs/screens')

/**
 * Walks every journey in both themes and lays the pictures it takes on sheets that a person can look through.
 * `--taken` lays those of the last run, `npm test` for one, without walking again.
 */
const tests = process.argv.slice(2).filter((argument) => argument !== '--taken')
const walked = process.argv.includes('--taken') ? 0 : walk()
if (!existsSync(pictures)) {
  console.error('No journey took a picture; the lines above say why.')
  process.exit(1)
}

const sheets = groupPictures(readdirSync(pictures))
rmSync(sheetsFolder, { recursive: true, force: true })
mkdirSync(sheetsFolder, { recursive: true })
const browser = await launchBrowser()
try {
  for (const sheet of sheets) await draw(browser, sheet)
} finally {
  await browser.close()
}
writeFileSync(path.join(sheetsFolder, 'README.md'), toIndex(sheets))
console.log(`${sheets.length} sheets in docs/screens`)
process.exit(walked)

function walk(): number {
  rmSync(pictures, { recursive: true, force: true })
  const journeys = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', ...tests]
  return spawnSync(process.execPath, journeys, { cwd: root, stdio: 'inherit' }).status ?? 1
}

async function draw(browser: Browser, { name, files, columnPx }: Sheet): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1680, height: 100 } })
  const figures = files.map((file) => {
    const data = readFileSync(path.join(pictures, file)).toString('base64')
    return `<figure><img src="data:image/png;base64,${data}" alt=""><figcaption>${file.replace(/\.png$/, '')}</figcaption></figure>`
  })
  await page.setContent(`<style>
body { margin: 24px; background: #d5d9e0; font: 13px/1.4 sans-serif }
main { columns: ${columnPx}px; column-gap: 20px }
figure { margin: 0 0 20px; break-inside: avoid }
img { display: block; width: 100%; box-shadow: 0 1px 6px #0004 }
figcaption { padding: 4px 0; color: #333 }
</style><main>${figures.join('')}</main>`)
  await page.screenshot({ path: path.join(sheetsFolder, `${name}.jpg`), type: 'jpeg', quality: 58, fullPage: true })
  await page.close()
}

function toIndex(all: Sheet[]): string {
  const parts = all.map(({ name, files }) => `## ${name}\n\n${files.length} pictures.\n\n![${name}](${name}.jpg)\n`)
  return `# Every screen\n\nTaken by the browser journeys; \`npm run screens\` takes them anew.\n\n${parts.join('\n')}`
}
