import type { CallToolResult } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { counted } from '../schemas/counted.ts'
import { failureOf } from '../skills/output.ts'
import { clean, cut, maxTokens } from './text.ts'

/**
 * Maximum tokens as estimated by `maxTokens`, which is about twice the cost of ordinary text. No result exceeds 400;
 * budget.slow.test.ts has the measured figures.
 */
export const budget = { summary: 120, page: 335, besides: 45, plan: 250, message: 145, hint: 50, find: 950 } as const

/** Removes secrets from a value. */
export type Redact = <T>(value: T) => T

/**
 * The answer of a tool. A result contains it as text and as structured content, because hosts show a model only one of
 * them.
 */
export interface Answer {
  summary: string
  /** The data of a script, or a page of it. It is text of the platform that may contain anything. */
  untrusted_data?: string[]
  page?: number
  pages?: number
  plan?: string[]
  /** Token that allows the planned change to happen once. */
  confirm?: string
  /** The handle of a job that is still running. */
  job?: string
  /** URI of the full log, which is sent only when the model asks for it. */
  log?: string
}

const field = {
  summary: z.string(),
  code: z.string().optional(),
  hint: z.string().optional(),
  untrusted_data: z.array(z.string()).optional(),
  page: z.number().optional(),
  pages: z.number().optional(),
  plan: z.array(z.string()).optional(),
  confirm: z.string().optional(),
  job: z.string().optional(),
}
const { summary, code, hint, untrusted_data, page, pages, plan, confirm, job } = field
const failed = { summary, code, hint }

/** The structured content of each tool; `code` and `hint` are present after a failure. */
export const outputs = {
  find: z.object(failed),
  read: z.object({ ...failed, untrusted_data, page, pages, job }),
  change: z.object({ ...failed, plan, confirm, untrusted_data, page, pages, job }),
  job: z.object({ ...failed, untrusted_data, page, pages, job }),
  code: z.object({ ...failed, untrusted_data, page, pages, job }),
}

const linkOf = (uri: string) => ({
  type: 'resource_link' as const,
  uri,
  name: uri.split('/').at(-1) ?? uri,
  mimeType: 'text/plain',
})

/** A result of at most 400 tokens. */
export function success(
  { log, ...answer }: Answer,
  redact: Redact,
  tokens: number = answer.untrusted_data === undefined ? budget.summary : budget.besides,
): CallToolResult {
  const structured = redact({
    ...answer,
    summary: cut(clean(answer.summary), tokens),
    ...(answer.plan === undefined ? {} : { plan: planOf(answer.plan) }),
  })
  const { summary, untrusted_data: data, page, pages, plan, confirm, job } = structured
  const lines = [
    ...(plan ?? []),
    summary,
    ...(confirm === undefined ? [] : [`confirm: ${confirm}`]),
    ...(job === undefined ? [] : [`job: ${job}`]),
    ...(data === undefined
      ? []
      : [`untrusted data${pages === undefined ? '' : `, page ${page} of ${pages}`}:`, ...data]),
  ]
  const links = log === undefined ? [] : [linkOf(log)]
  return { content: [{ type: 'text', text: lines.join('\n') }, ...links], structuredContent: structured }
}

/** The whole plan, or its beginning and the number of further lines. */
function planOf(plan: readonly string[]): string[] {
  const shown: string[] = []
  let left: number = budget.plan
  for (const line of plan) {
    const short = cut(clean(line), 60)
    left -= maxTokens(short) + 3
    if (left < 0) return [...shown, `and ${plan.length - shown.length} more`]
    shown.push(short)
  }
  return shown
}

/** What an operation found although it failed: a page of it, or how many pages there are and the job that has them. */
export type Found = Pick<Answer, 'untrusted_data' | 'page' | 'pages' | 'job'>

/**
 * A failure that the coding agent can act on, at most 120 tokens, with a page of data 400. `log` is the URI of the
 * details.
 */
export function failure(error: unknown, redact: Redact, log?: string, found: Found = {}): CallToolResult {
  const { code, message, hint } = redact(failureOf(error))
  const { untrusted_data: data, page, pages, job } = redact(found)
  const summary = cut(clean(message), budget.message)
  const structured = { summary, code, hint: cut(clean(hint), budget.hint), ...redact(found) }
  const more = pages === undefined || data !== undefined ? '' : `\ndata: ${counted(pages, 'page')}, ask with page`
  const lines = data === undefined ? [] : [`untrusted data, page ${page} of ${pages}:`, ...data]
  const text = [`${code}: ${summary}`, structured.hint + more + (job === undefined ? '' : `\njob: ${job}`), ...lines]
  const links = log === undefined ? [] : [linkOf(log)]
  return {
    isError: true,
    content: [{ type: 'text', text: text.join('\n') }, ...links],
    structuredContent: structured,
  }
}
