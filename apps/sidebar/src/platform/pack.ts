/** A value as bytes: JSON, made small where the engine can do that (a library of replies shrinks to a tenth). */
export async function pack(value: unknown): Promise<Uint8Array> {
  const plain = new TextEncoder().encode(JSON.stringify(value))
  const small = typeof CompressionStream === 'function' ? await pass(plain, new CompressionStream('gzip')) : null
  return join(small ? 1 : 0, small ?? plain)
}

/** @throws when the bytes are not what {@link pack} makes */
export async function unpack<T>(bytes: ArrayBuffer): Promise<T> {
  const [isSmall] = new Uint8Array(bytes, 0, 1)
  const rest = new Uint8Array(bytes, 1)
  const plain = isSmall ? await pass(rest, new DecompressionStream('gzip')) : rest
  return JSON.parse(new TextDecoder().decode(plain)) as T
}

async function pass(bytes: Uint8Array, through: GenericTransformStream): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(through)
  return new Uint8Array(await new Response(stream as ReadableStream).arrayBuffer())
}

/** The first byte says how the rest is to be read. */
function join(first: number, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(rest.byteLength + 1)
  bytes[0] = first
  bytes.set(rest, 1)
  return bytes
}
