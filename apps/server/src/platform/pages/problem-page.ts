import type { FastifyReply, FastifyRequest } from 'fastify'

import { checkOfErrcode, type CheckId } from '@guidebar/contracts'

import { AppError } from '../errors.ts'
import { pagePolicy } from '../page-policy.ts'
import { problemMessages, type Locale, type Problem } from './problem-page.messages.ts'

/** A failure with a page of its own words. */
export class ProblemError extends AppError {
  readonly problem: Problem

  constructor(problem: Problem, ...args: ConstructorParameters<typeof AppError>) {
    super(...args)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** Answers a failure on a page for people with a page: cause, next step, code; no script, no framework. */
export function replyProblem(retryPath: string) {
  return (request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply => {
    const html = renderProblem({
      locale: chooseLocale(request.headers['accept-language']),
      problem: error instanceof ProblemError ? error.problem : problemOf(error),
      error,
      requestId: request.id,
      retryPath,
    })
    return reply
      .code(error.status)
      .headers({ 'content-security-policy': pagePolicy(html), 'cache-control': 'no-store', vary: 'Accept-Language' })
      .type('text/html; charset=utf-8')
      .send(html)
  }
}

function problemOf({ code }: AppError): Problem {
  if (code === 'WECOM_BUSY' || code === 'WECOM_UNAVAILABLE') return 'wecom-away'
  if (code === 'WECOM_NOT_SET_UP' || code === 'WECOM_REFUSED') return 'wecom-refused'
  if (code === 'STORAGE_UNAVAILABLE' || code === 'OVERLOADED') return 'storage'
  if (code === 'RATE_LIMITED') return 'too-many'
  return code === 'NOT_A_GUIDE' ? 'not-a-guide' : 'unknown'
}

/** The first language of the header that we speak; Simplified Chinese when none is. */
function chooseLocale(header = ''): Locale {
  for (const part of header.slice(0, 200).split(',')) {
    const tag = (part.split(';')[0] ?? '').trim().toLowerCase()
    if (/^zh-(tw|hk|mo|hant)/.test(tag)) return 'zh-TW'
    if (tag.startsWith('zh')) return 'zh-CN'
    if (tag.startsWith('en')) return 'en'
  }
  return 'zh-CN'
}

const style = `
:root{color-scheme:light dark;--ink:#1f2329;--soft:#646a73;--paper:#fff;--line:#dee0e3;--main:#0b63ce;--on-main:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#ebebeb;--soft:#a6a6a6;--paper:#1a1a1a;--line:#3d3d3d;--main:#7db4ff;--on-main:#101418}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}
main{max-width:26rem;margin:0 auto;padding:3.5rem 1.25rem}
h1{font-size:1.25rem;line-height:1.4;margin:0 0 .75rem}
p{margin:0 0 .75rem}
a{display:inline-block;margin:.75rem 0 2rem;padding:.55rem 1.25rem;border-radius:.4rem;background:var(--main);color:var(--on-main);text-decoration:none}
a:focus-visible{outline:3px solid var(--main);outline-offset:3px}
dl{margin:0;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.8125rem;display:grid;grid-template-columns:auto 1fr;gap:.15rem .75rem}
dd{margin:0;overflow-wrap:anywhere}`

/** The doctor's check that explains a page's problem. */
const checkOfProblem: Partial<Record<Problem, CheckId>> = {
  'sign-in-loop': 'sign-in-codes',
  'not-a-guide': 'customer-contact',
  'not-set-up': 'corp-settings',
}

type Rendering = { locale: Locale; problem: Problem; error: AppError; requestId: string; retryPath: string }

function renderProblem({ locale, problem, error, requestId, retryPath }: Rendering): string {
  const words = problemMessages[locale]
  const { title, cause, next } = words[problem]
  const check = (error.errcode !== undefined && checkOfErrcode(error.errcode)) || checkOfProblem[problem]
  const code = [error.code, error.errcode, check].filter(Boolean).join(' · ')
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>${escape(cause)}</p>
<p>${escape(next)}</p>
<a href="${escape(retryPath)}">${escape(words.retry)}</a>
<dl><dt>${escape(words.code)}</dt><dd>${escape(code)}</dd><dt>${escape(words.request)}</dt><dd>${escape(requestId)}</dd></dl>
</main>
</body>
</html>
`
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
