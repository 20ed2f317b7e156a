import { createHash } from 'node:crypto'

import { importFields, type ImportField, type ImportMapping } from '@guidebar/contracts'

/** What people call a column; folded to lower case without blanks. */
const names: Record<ImportField, RegExp> = {
  folder: /^(分组|分組|文件夹|文件夾|资料夹|資料夾|目录|目錄|分类|分類|类别|類別|folder|group|category)$/,
  title: /^(标题|標題|名称|名稱|话术名称|話術名稱|问题|問題|title|name|question)$/,
  content:
    /^(内容|內容|正文|话术|話術|话术内容|話術內容|回复|回覆|回复内容|回覆內容|答案|content|text|body|reply|answer)$/,
  shortcut: /^(快捷码|快捷碼|快捷键|快捷鍵|短码|短碼|代码|代碼|shortcut|code|keyword)$/,
  expiresOn: /^(有效期|有效期至|到期日|到期|过期日期|過期日期|expires|expireson|expiry|validuntil)$/,
  store: /^(门店|門店|店铺|店鋪|store|shop)$/,
}
const fold = (heading: string) => heading.toLowerCase().replace(/[\s_*＊:：()（）-]/g, '')

/** The likeliest column for each field. */
export function guessMapping(headings: string[]): ImportMapping {
  const columnOf = (field: ImportField) => {
    const at = headings.findIndex((heading) => names[field].test(fold(heading)))
    return at < 0 ? null : at
  }
  return Object.fromEntries(importFields.map((field) => [field, columnOf(field)])) as ImportMapping
}

export const isMapped = ({ title, content }: ImportMapping): boolean => title !== null && content !== null

/** Two files with the same headings are mapped alike. */
export const signatureOf = (headings: string[]): string =>
  createHash('sha256').update(headings.map(fold).join('\n')).digest('base64url').slice(0, 22)
