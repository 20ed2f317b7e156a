import { useI18n } from 'vue-i18n'

export const toCamel = (text: string) => text.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Where the words of an action may stand. */
export function keysOf(action: string): string[] {
  const [feature = '', verb = ''] = action.split('.')
  const name = toCamel(feature)
  return [verb, toCamel(verb)].flatMap((each) => [`${name}.audit.${each}`, `audit.actions.${name}.${each}`])
}

/** What an action of the record is called: the words of its feature, else those collected here, else its own name. */
export function useActionWords() {
  const { t, te } = useI18n()
  return (action: string): string => {
    const key = keysOf(action).find((each) => te(each, 'zh-CN'))
    return key ? t(key) : action
  }
}
