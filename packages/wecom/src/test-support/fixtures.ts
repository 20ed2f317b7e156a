import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../../fixtures/', import.meta.url)

/** A fixture as it lies there, without the newline that ends the file. */
export const readText = (name: string): string => readFileSync(new URL(name, folder), 'utf8').replace(/\n$/, '')

export const readJson = (name: string) => JSON.parse(readText(name))

export const fixtureNames = (pattern: RegExp): string[] => readdirSync(folder).filter((name) => pattern.test(name))
