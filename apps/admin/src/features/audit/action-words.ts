import { useI18n } from 'vue-i18n'

const toCamel = (text: string) => text.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** What an action of the record is called: the words of its feature, else those collected here, else its own name. */
export function useActionWords() {
  const { t, te } = useI18n()
  return (action: string): string => {
    const [feature = '', verb = ''] = action.split('.').map(toCamel)
    const own = `${feature}.audit.${verb}`
    const collected = `audit.actions.${feature}.${verb}`
    return te(own, 'zh-CN') ? t(own) : te(collected, 'zh-CN') ? t(collected) : action
  }
}
