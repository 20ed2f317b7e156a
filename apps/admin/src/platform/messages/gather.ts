/**
 * Puts the features' words under their names: those of `features/mass-sends/messages/…` under `massSends`.
 * @param files words by the file they stand in
 */
export const gather = (files: Record<string, object>): Record<string, object> =>
  Object.fromEntries(Object.entries(files).map(([file, words]) => [nameOf(file), words]))

const nameOf = (file: string) =>
  (/features\/([^/]+)\//.exec(file)?.[1] ?? file).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
