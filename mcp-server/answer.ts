import type { CallToolResult } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { failureOf } from '../skills/output.ts'
import { clean, cut, maxTokens } from './text.ts'

/** Tokens at most, as `maxTokens` has them: ordinary text costs half. Nothing is over 400; see budget.slow.test.ts for what is measured. */
export const budget = { summary: 120, page: 335, besides: 45, plan: 250, message: 145, hint: 50, find: 950 } as const

/** Takes secrets out of a value. */
export type Redact = <T>(value: T) => T

/** What a tool says. Both halves of a result state it: as text, and as structured content, since hosts show a model only one of them. */
export interface Answer {
  summary: string
  /** What a script found, or a page of it: text of the platform, which nobody vouches for. */
  untrusted_data?: string[]
  page?: number
  pages?: number
  plan?: string[]
  /** Lets the change that the plan is of happen, once. */
  confirm?: string
  /** The handle of work that goes on. */
  job?: string
  /** Where the long text is; its bytes stay out of the context until somebody asks. */
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

/** What each tool's structured content holds; `code` and `hint` are there when it failed. */
export const outputs = {
  find: z.object(failed),
  read: z.object({ ...failed, untrusted_data, page, pages, job }),
  change: z.object({ ...failed, plan, confirm, job }),
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
  const said = redact({
    ...answer,
    summary: cut(clean(answer.summary), tokens),
    ...(answer.plan === undefined ? {} : { plan: planOf(answer.plan) }),
  })
  const { summary, untrusted_data: data, page, pages, plan, confirm, job } = said
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
  return { content: [{ type: 'text', text: lines.join('\n') }, ...links], structuredContent: said }
}

/** A plan in full, or its beginning and how much more there is. */
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

/** A failure that the coding agent can act on, at most 120 tokens. `log` is where more is told. */
export function failure(error: unknown, redact: Redact, log?: string): CallToolResult {
  const { code, message, hint } = redact(failureOf(error))
  const said = { summary: cut(clean(message), budget.message), code, hint: cut(clean(hint), budget.hint) }
  const links = log === undefined ? [] : [linkOf(log)]
  return {
    isError: true,
    content: [{ type: 'text', text: `${code}: ${said.summary}\n${said.hint}` }, ...links],
    structuredContent: said,
  }
}
