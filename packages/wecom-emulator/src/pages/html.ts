import { text } from './text.zh-CN.ts'

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (value: string) => value.replace(/[&<>"']/g, (character) => entities[character] ?? character)

/** A whole page around a body that is already safe. */
export const toPage = (title: string, body: string) => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · ${text.brand}</title>
<link rel="stylesheet" href="/assets/page.css">
</head>
<body>
<main class="card">
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`

export interface PageAnswer {
  html: string
}
export interface RedirectAnswer {
  location: string
}

/** WeCom shows its refusals as ordinary pages; scripts find the code in `data-errcode`. */
export const toRefusal = (errcode: number, reason: string): PageAnswer => ({
  html: toPage(
    text.refused,
    `<p>${escapeHtml(reason)}</p><p class="code" data-errcode="${errcode}">${text.errcode}：${errcode}</p>`,
  ),
})
