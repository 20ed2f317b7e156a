import { launchBrowser } from '@guidebar/testkit/browser'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { demoCards } from './content/cards.ts'
import { coverHeight as height, coverWidth as width, drawCover } from './content/cover-art.ts'
import { packPng } from './content/pack-png.ts'

const folder = path.join(import.meta.dirname, '../assets/covers')

// Runs in the page, as text: this workspace has no browser types outside the front ends.
const readPixels = `async (svg) => {
  const image = new Image()
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg)
  await image.decode()
  const canvas = Object.assign(document.createElement('canvas'), { width: ${width}, height: ${height} })
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const bytes = context.getImageData(0, 0, ${width}, ${height}).data
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}`

/** Draws every cover anew: `node apps/demo/src/draw-covers.ts`. The pictures are kept in git, so the demo needs no browser. */
async function drawCovers(): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    for (const { slug, cover } of demoCards) {
      const pixels = await page.evaluate<string>(`(${readPixels})(${JSON.stringify(drawCover(cover))})`)
      const png = packPng({ width, height, rgba: Buffer.from(pixels, 'base64') })
      writeFileSync(path.join(folder, `${slug}.png`), png)
      console.log(`${slug}.png ${png.length} bytes`)
    }
  } finally {
    await browser.close()
  }
}

await drawCovers()
