import type { WordLocale } from '@guidebar/contracts'

/** Headings of an export; the mapping knows them all. */
export const exportHeadings: Record<WordLocale, string[]> = {
  'zh-CN': ['分组', '标题', '内容', '快捷码', '有效期', '门店', '近30天使用次数'],
  'zh-TW': ['分組', '標題', '內容', '快捷碼', '有效期', '門店', '近30天使用次數'],
  en: ['Folder', 'Title', 'Content', 'Shortcut', 'Expires', 'Store', 'Uses in 30 days'],
}

/** What rejects say beside their own cells. */
export const rejectHeadings: Record<WordLocale, string[]> = {
  'zh-CN': ['行号', '出错的列', '应为', '实际', '怎么改'],
  'zh-TW': ['列號', '出錯的欄', '應為', '實際', '怎麼改'],
  en: ['Row', 'Column', 'Expected', 'Found', 'How to fix'],
}
