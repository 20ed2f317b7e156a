/** Platform limits that an editor shows before a send would fail. Bytes are UTF-8. */
export const messageLimits = {
  textBytes: 4000,
  cardTitleBytes: 64,
  linkTitleBytes: 128,
  linkDescriptionBytes: 512,
  urlBytes: 2048,
} as const

/** Bytes a text takes in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
