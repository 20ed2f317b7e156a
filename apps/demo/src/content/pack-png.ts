import { crc32, deflateSync } from 'node:zlib'

type Picture = { width: number; height: number; /** 4 bytes a pixel; alpha is ignored. */ rgba: Uint8Array }
type Colour = [red: number, green: number, blue: number]
/** Colours of the picture with the number of their pixels. */
type Box = { colour: Colour; count: number }[]

const mostColours = 256

/** A PNG with a palette of at most 256 colours: a drawing of flat parts and soft gradients takes a third of the room. */
export function packPng({ width, height, rgba }: Picture): Buffer {
  const palette = choosePalette(countColours(rgba))
  const nearest = createNearest(palette)
  // Each row begins with its filter; indexed pictures pack best with none.
  const rows = Buffer.alloc((width + 1) * height)
  for (let index = 0; index < width * height; index++) {
    const place = index + Math.floor(index / width) + 1
    rows[place] = nearest(colourAt(rgba, index))
  }

  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits, indexed, not interlaced. @see https://www.w3.org/TR/png-3/#11IHDR
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    toChunk('IHDR', header),
    toChunk('PLTE', Buffer.from(palette.flat())),
    toChunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    toChunk('IEND', Buffer.alloc(0)),
  ])
}

const colourAt = (rgba: Uint8Array, index: number): Colour => [
  rgba[index * 4] ?? 0,
  rgba[index * 4 + 1] ?? 0,
  rgba[index * 4 + 2] ?? 0,
]
const toKey = ([red, green, blue]: Colour) => (red << 16) | (green << 8) | blue

function countColours(rgba: Uint8Array): Box {
  const counts = new Map<number, { colour: Colour; count: number }>()
  for (let index = 0; index < rgba.length / 4; index++) {
    const colour = colourAt(rgba, index)
    const known = counts.get(toKey(colour))
    if (known) known.count++
    else counts.set(toKey(colour), { colour, count: 1 })
  }
  return [...counts.values()]
}

/** Median cut: the box with the widest spread, weighed by its pixels, is halved until there are enough. */
function choosePalette(colours: Box): Colour[] {
  const boxes = [describe(colours)]
  while (boxes.length < mostColours) {
    const widest = boxes.reduce((best, next) => (next.weight > best.weight ? next : best))
    if (widest.weight === 0) break
    const { box, channel } = widest
    const sorted = box.toSorted((a, b) => a.colour[channel] - b.colour[channel])
    let half = sorted.reduce((sum, { count }) => sum + count, 0) / 2
    const cut = sorted.findIndex(({ count }) => (half -= count) <= 0)
    const at = Math.min(sorted.length - 1, Math.max(1, cut))
    boxes.splice(boxes.indexOf(widest), 1, describe(sorted.slice(0, at)), describe(sorted.slice(at)))
  }
  return boxes.map(({ box }) => toMean(box))
}

function describe(box: Box): { box: Box; channel: 0 | 1 | 2; weight: number } {
  const spreads = ([0, 1, 2] as const).map((channel) => {
    const values = box.map(({ colour }) => colour[channel])
    return {
      channel,
      spread: values.reduce((a, b) => Math.max(a, b), 0) - values.reduce((a, b) => Math.min(a, b), 255),
    }
  })
  const { channel, spread } = spreads.reduce((best, next) => (next.spread > best.spread ? next : best))
  const count = box.reduce((sum, entry) => sum + entry.count, 0)
  return { box, channel, weight: spread * Math.sqrt(count) }
}

function toMean(box: Box): Colour {
  const count = box.reduce((sum, entry) => sum + entry.count, 0)
  const mean = (channel: 0 | 1 | 2) =>
    Math.round(box.reduce((sum, entry) => sum + entry.colour[channel] * entry.count, 0) / count)
  return [mean(0), mean(1), mean(2)]
}

function createNearest(palette: Colour[]): (colour: Colour) => number {
  const known = new Map<number, number>()
  return (colour) => {
    const key = toKey(colour)
    const found = known.get(key)
    if (found !== undefined) return found
    const distances = palette.map((other) =>
      other.reduce((sum, value, channel) => sum + (value - (colour[channel] ?? 0)) ** 2, 0),
    )
    const nearest = distances.reduce(
      (best, distance, index) => (distance < (distances[best] ?? Infinity) ? index : best),
      0,
    )
    known.set(key, nearest)
    return nearest
  }
}

function toChunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(body.length, 0)
  frame.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
}
