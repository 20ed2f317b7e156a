import type { Plugin } from 'vite'

/**
 * Writes the `#fields` of a library as plain ones before they are lowered: the oldest engines know no private fields,
 * and each would else cost a WeakMap and two helper calls. Privacy is for those who write a library, not for its users.
 * @param library the package's name, as it stands in the paths of its files
 */
export function plainFields(library: string): Plugin {
  const shortNames = new Map<string, string>()
  return {
    name: 'guidebar:plain-fields',
    enforce: 'pre',
    transform: {
      filter: { id: new RegExp(`/node_modules/${library}/.*\\.js$`) },
      handler: (code, id) => ({
        // A name of its own for each file's: a class and the one it extends may use the same.
        code: code.replace(/(?<!\/\/)#([a-z]\w*)/gi, (_, field: string) => {
          const name = `${id} ${field}`
          const short = shortNames.get(name) ?? `$_${shortNames.size.toString(36)}`
          shortNames.set(name, short)
          return short
        }),
        map: null,
      }),
    },
  }
}
