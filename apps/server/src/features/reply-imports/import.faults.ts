import type { ImportFault, ImportField, WordLocale } from '@guidebar/contracts'

export type RowFaultCode =
  | 'title-empty'
  | 'title-too-long'
  | 'folder-too-long'
  | 'shortcut-bad'
  | 'text-empty'
  | 'text-too-long'
  | 'too-many-parts'
  | 'unknown-variable'
  | 'missing-fallback'
  | 'broken-braces'
  | 'broken-blank'
  | 'reference-unknown'
  | 'expires-bad'
  | 'store-unknown'
  | 'twice-in-file'
  | 'too-many-cells'
/** What stands wrong in a row, as it lies in the database: words come when somebody reads it. */
export type RowFault = { code: RowFaultCode; field: ImportField | null; found: string; values?: (string | number)[] }

type Words = [expected: string, fix: string]
const words: Record<WordLocale, Record<RowFaultCode, Words>> = {
  'zh-CN': {
    'title-empty': ['有标题', '填写标题'],
    'title-too-long': ['标题不超过 40 个字', '缩短标题'],
    'folder-too-long': ['分组名不超过 30 个字', '缩短分组名'],
    'shortcut-bad': ['快捷码只含字母和数字，不超过 12 位', '改快捷码，或留空'],
    'text-empty': ['有内容', '填写内容，或删除这一行'],
    'text-too-long': ['每条不超过 {0} 字节（约 1333 个汉字）', '缩短内容，或用单独一行 --- 拆成几条'],
    'too-many-parts': ['最多 9 条', '减少 --- 分隔的条数'],
    'unknown-variable': ['认识的变量，如 {{customer.name|亲}}', '检查变量名的拼写'],
    'missing-fallback': ['变量带备用词', '写成 {{变量|备用词}}'],
    'broken-braces': ['{{ 与 }} 成对', '补齐花括号'],
    'broken-blank': ['填空写成 [[名称]]', '补齐方括号，名称不超过 20 个字'],
    'reference-unknown': ['本企业里存在的图片或卡片', '重新导出一次，或在编辑页里添加图片和卡片'],
    'expires-bad': ['日期，如 2026-12-31', '改成 年-月-日，或留空'],
    'store-unknown': ['您管理的门店的名称或编号', '检查门店名称，或留空给全企业用'],
    'twice-in-file': ['每个分组里标题不重复', '改标题，或删除重复行；第 {0} 行已有同名'],
    'too-many-cells': ['与表头一样多的列', '内容里有逗号时请用双引号包起来'],
  },
  'zh-TW': {
    'title-empty': ['有標題', '填寫標題'],
    'title-too-long': ['標題不超過 40 個字', '縮短標題'],
    'folder-too-long': ['分組名不超過 30 個字', '縮短分組名'],
    'shortcut-bad': ['快捷碼只含字母和數字，不超過 12 位', '改快捷碼，或留空'],
    'text-empty': ['有內容', '填寫內容，或刪除這一列'],
    'text-too-long': ['每則不超過 {0} 位元組（約 1333 個漢字）', '縮短內容，或用單獨一行 --- 拆成幾則'],
    'too-many-parts': ['最多 9 則', '減少 --- 分隔的則數'],
    'unknown-variable': ['認識的變數，如 {{customer.name|親}}', '檢查變數名的拼寫'],
    'missing-fallback': ['變數帶備用詞', '寫成 {{變數|備用詞}}'],
    'broken-braces': ['{{ 與 }} 成對', '補齊大括號'],
    'broken-blank': ['填空寫成 [[名稱]]', '補齊方括號，名稱不超過 20 個字'],
    'reference-unknown': ['本企業裡存在的圖片或卡片', '重新匯出一次，或在編輯頁裡新增圖片和卡片'],
    'expires-bad': ['日期，如 2026-12-31', '改成 年-月-日，或留空'],
    'store-unknown': ['您管理的門店的名稱或編號', '檢查門店名稱，或留空給全企業用'],
    'twice-in-file': ['每個分組裡標題不重複', '改標題，或刪除重複列；第 {0} 列已有同名'],
    'too-many-cells': ['與表頭一樣多的欄', '內容裡有逗號時請用雙引號包起來'],
  },
  en: {
    'title-empty': ['a title', 'Write a title'],
    'title-too-long': ['a title of at most 40 characters', 'Shorten the title'],
    'folder-too-long': ['a folder name of at most 30 characters', 'Shorten the folder name'],
    'shortcut-bad': ['letters and digits, at most 12', 'Change the shortcut, or leave it empty'],
    'text-empty': ['some text', 'Write the text, or remove the row'],
    'text-too-long': ['at most {0} bytes a message', 'Shorten it, or split it by a line of ---'],
    'too-many-parts': ['at most 9 messages', 'Use fewer lines of ---'],
    'unknown-variable': ['a known variable, as {{customer.name|there}}', 'Check the variable’s spelling'],
    'missing-fallback': ['a fallback in the variable', 'Write {{variable|fallback}}'],
    'broken-braces': ['{{ and }} in pairs', 'Complete the braces'],
    'broken-blank': ['a blank written [[name]]', 'Complete the brackets; at most 20 characters'],
    'reference-unknown': ['a picture or card of this corp', 'Export again, or add it in the editor'],
    'expires-bad': ['a date, as 2026-12-31', 'Write year-month-day, or leave it empty'],
    'store-unknown': ['name or number of a store you manage', 'Check the store, or leave it empty for everybody'],
    'twice-in-file': ['each title once in a folder', 'Rename or remove it; row {0} has the same name'],
    'too-many-cells': ['as many cells as headings', 'Put text that holds commas between double quotes'],
  },
}

const longestFound = 60
const fill = (text: string, values: (string | number)[] = []) =>
  text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''))

/** A fault in the reader's words. @param columnOf heading of the column a field stands in */
export function toImportFault(
  fault: RowFault,
  columnOf: (field: ImportField) => string,
  locale: WordLocale,
): ImportFault {
  const { code, field, found, values } = fault
  const [expected, fix] = words[locale][code]
  return {
    code,
    column: field ? columnOf(field) : '',
    expected: fill(expected, values),
    found: found.length > longestFound ? `${found.slice(0, longestFound)}…` : found,
    fix: fill(fix, values),
  }
}

/** How to put right all rows with this fault; what differs from row to row is left out. */
export const toRepair = (code: RowFaultCode, locale: WordLocale): string =>
  (words[locale][code][1].split(/[；;]/)[0] ?? '').replace(/\{\d\}/g, '')
