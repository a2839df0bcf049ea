import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { PlatformError } from '../../platform/errors.ts'
import { bodyPairs } from './body-pairs.ts'
import { limitPairs } from './limit-pairs.ts'
import type { Answer, Pair, TokenName } from './pair.ts'
import { routePairs } from './route-pairs.ts'
import { tokenPairs } from './token-pairs.ts'
import { type Keys, tokensOf } from './tokens.ts'

/** Something that answers for the API: the API itself, or Kong before it. */
export interface Edge extends Keys {
  url: string
  by: 'api' | 'kong'
  /** Requests that a student may send in a minute. */
  limit: number
}

/** What a pair found: `differs` names each difference, empty when there is none. */
export interface Finding {
  id: string
  differs: readonly string[]
}

interface Sent {
  status: number
  headers: Headers
  body: unknown
}

/** Requests and the answers that any edge of LearnFlow gives. */
export const edgePairs: readonly Pair[] = [...tokenPairs, ...routePairs, ...bodyPairs, ...limitPairs]

/** Requests of one student that are under way together. */
const together = 25
const answerMs = 30_000
/** A server that refuses a body before it has read it may cut the connection before its answer arrives. */
const attempts = 4
/** Kong counts by calendar minutes; with less time left the next one is awaited. */
const enoughSeconds = 20

/**
 * Sends the requests of all pairs, of one student each, and compares the answers.
 * @throws DEPENDENCY_DOWN when nothing answers there
 */
export async function runEdge(edge: Edge, pairs: readonly Pair[] = edgePairs): Promise<Finding[]> {
  await fetch(new URL('/health/live', edge.url), { signal: AbortSignal.timeout(answerMs) }).catch((cause: unknown) => {
    throw new PlatformError('DEPENDENCY_DOWN', `nothing answers at ${edge.url}`, { hint: 'learnflow status', cause })
  })
  const findings: Finding[] = []
  for (const one of pairs)
    findings.push({
      id: one.id,
      differs: await differencesOf(edge, one).catch((error: unknown) => [`no answer: ${String(error)}`]),
    })
  return findings
}

async function differencesOf(edge: Edge, pair: Pair): Promise<string[]> {
  const student = `synthetic-${randomBytes(6).toString('hex')}`
  const tokenOf = tokensOf(edge, student)
  const send = async (left = pair.after === undefined ? attempts : 1): Promise<Sent> =>
    sendTo(edge, pair, { student, tokenOf }).catch(async error => {
      if (left === 1) throw error
      return send(left - 1)
    })
  if (pair.after !== undefined) await useUp(edge, edge.limit + pair.after, tokenOf(pair.token) ?? '')
  const wanted = edge.by === 'kong' ? (pair.kong ?? pair.answer) : pair.answer
  if (pair.atOnce === undefined) return compare(await send(), wanted)
  const { of, answered } = pair.atOnce
  const all = await Promise.all(Array.from({ length: of }, async () => send()))
  const [good, refused] = [wanted.status, 429].map(status => all.filter(sent => sent.status === status).length) as [
    number,
    number,
  ]
  const enough = edge.by === 'kong' && pair.kong?.way === 'overshoots' ? good >= answered : good === answered
  return enough && good + refused === of ? [] : [`${good} of ${of} got through and ${refused} were refused`]
}

/** Sends what a student has sent before. */
async function useUp({ url, by }: Edge, count: number, token: string): Promise<void> {
  const left = 60 - ((Date.now() / 1_000) % 60)
  if (by === 'kong' && left < enoughSeconds) await sleep(left * 1_000)
  const init = { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(answerMs) }
  for (let sent = 0; sent < count; sent += together)
    await Promise.all(
      Array.from({ length: Math.min(together, count - sent) }, async () =>
        (await fetch(new URL('/api/v1/exercises/square', url), init)).arrayBuffer(),
      ),
    )
}

interface Sender {
  student: string
  tokenOf: (name: TokenName) => string | undefined
}

async function sendTo({ url }: Edge, pair: Pair, { student, tokenOf }: Sender): Promise<Sent> {
  const filled = (text: string): string => text.replaceAll('ME', student).replaceAll('TOKEN', tokenOf('student') ?? '')
  const token = tokenOf(pair.token)
  const headers = new Headers(Object.entries(pair.headers ?? {}).map(([name, value]) => [name, filled(value)]))
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (pair.body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
  const reply = await fetch(new URL(filled(pair.path), url), {
    method: pair.method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(answerMs),
    ...bodyOf(pair),
  })
  const text = await reply.text()
  const isJson = reply.headers.get('content-type')?.includes('json') === true && text !== ''
  return { status: reply.status, headers: reply.headers, body: isJson ? JSON.parse(text) : text }
}

function bodyOf({ body, chunks }: Pair): RequestInit {
  if (chunks !== undefined)
    return { body: ReadableStream.from(chunks.map(chunk => Buffer.from(chunk))), duplex: 'half' }
  if (body === undefined) return {}
  return { body: typeof body === 'string' ? body : JSON.stringify(body) }
}

/** A problem document as the API sends it. */
const Problem = z.looseObject({ code: z.string(), hint: z.string().min(1), title: z.string(), status: z.number() })
const Message = z.looseObject({ message: z.string() })

function compare({ status, headers, body }: Sent, wanted: Answer): string[] {
  const differs: string[] = []
  if (status !== wanted.status) differs.push(`${status} instead of ${wanted.status}`)
  if (wanted.code !== undefined) {
    const read = Problem.safeParse(body)
    const code =
      read.success && headers.get('content-type')?.startsWith('application/problem+json') ? read.data.code : ''
    if (code !== wanted.code) differs.push(`${code === '' ? 'no problem document' : code} instead of ${wanted.code}`)
  }
  if (wanted.message?.test(Message.safeParse(body).data?.message ?? '') === false)
    differs.push(`no message ${wanted.message.source}`)
  for (const [name, pattern] of Object.entries(wanted.headers ?? {})) {
    const value = headers.get(name)
    if (pattern === null ? value !== null : value === null || !pattern.test(value))
      differs.push(`${name} is ${value ?? 'absent'}`)
  }
  return differs
}
