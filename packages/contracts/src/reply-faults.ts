import { isDate, replyVariables, toBlank, toVariable, type ReplyVariable } from './reply-template.ts'

export type ReplyFault = {
  reason: 'unknown-variable' | 'missing-fallback' | 'broken-braces' | 'broken-blank'
  text: string
}

const variablePattern = /\{\{([^{}]*)\}\}/g
const blankPattern = /\[\[([^[\]]*)\]\]/g

/** What is wrong with a reply's variables and blanks; empty when it may be saved. */
export function findReplyFaults(text: string): ReplyFault[] {
  const faults: ReplyFault[] = []
  for (const match of text.matchAll(variablePattern)) {
    const variable = toVariable(match[1] ?? '')
    if (!variable) faults.push({ reason: 'unknown-variable', text: match[0] })
    else if (needsFallback(variable.name) && !variable.fallback)
      faults.push({ reason: 'missing-fallback', text: match[0] })
  }
  for (const match of text.matchAll(blankPattern))
    if (!toBlank(match[1] ?? '')) faults.push({ reason: 'broken-blank', text: match[0] })
  const rest = text.replace(variablePattern, '').replace(blankPattern, '')
  if (rest.includes('{{') || rest.includes('}}')) faults.push({ reason: 'broken-braces', text: rest.slice(0, 40) })
  if (rest.includes('[[') || rest.includes(']]')) faults.push({ reason: 'broken-blank', text: rest.slice(0, 40) })
  return faults
}

function needsFallback(name: ReplyVariable): boolean {
  return !isDate(name) && replyVariables[name as keyof typeof replyVariables].needsFallback
}
