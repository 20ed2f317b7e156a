import { WecomFault } from '../wecom-fault.ts'

type Source = Record<string, unknown>

/** @throws WecomFault 40058 when it is given and is no text */
export function readText(body: Source, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new WecomFault(40058)
  return value
}

/** @throws WecomFault `missing` when it is absent or empty */
export function needText(body: Source, name: string, missing: number): string {
  const value = readText(body, name)
  if (!value) throw new WecomFault(missing)
  return value
}

/** @throws WecomFault `missing` when it is absent or empty */
export function needQuery(query: URLSearchParams, name: string, missing: number): string {
  const value = query.get(name)
  if (!value) throw new WecomFault(missing)
  return value
}

/** @throws WecomFault 40058 when it is given and is no list of texts */
export function readTexts(body: Source, name: string): string[] {
  const value = body[name]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string')) throw new WecomFault(40058)
  return value as string[]
}

/** @throws WecomFault 40058 when it is given and is no whole number between the bounds */
export function readInteger(body: Source, name: string, bounds: { min: number; max: number }): number | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < bounds.min || value > bounds.max)
    throw new WecomFault(40058)
  return value
}

/** Characters as a person counts them, not UTF-16 units. */
export const countCharacters = (text: string) => Array.from(text).length

export const countBytes = (text: string) => Buffer.byteLength(text)
