import * as z from 'zod'
import {
  Accepted,
  ExerciseList,
  ExerciseView,
  HistoryPage,
  MasteryView,
  Problem,
  RequestState,
  SubmissionPage,
  TriageResult,
} from '../schemas/api.ts'
import { codes, PlatformError } from '../platform/errors.ts'
import { otherVersion } from '../platform/other-version.ts'
import { unknownField, unknownRouteHint } from './unknown.ts'

/** An answer, whatever its status. */
export interface Reply {
  status: number
  headers: Headers
  body: unknown
}

export interface CallOptions {
  body?: unknown
  headers?: Record<string, string>
  timeoutMs?: number
}

const TriageAnswer = z.union([TriageResult, RequestState, Accepted])
export type TriageAnswer = z.infer<typeof TriageAnswer>

/** The tutoring API for clients. Calls other than `raw` throw the PlatformError that a problem document describes. */
export interface ApiClient {
  raw(method: string, path: string, options?: CallOptions): Promise<Reply>
  /** The same caller at another address. */
  at(url: string): ApiClient
  request(id: string): Promise<RequestState>
  /** Submits a program; the same key never makes a second submission. */
  submit(exerciseId: string, code: string, key: string): Promise<Accepted>
  /** Asks a question, in a conversation if one is named. Returns the route when no agent answers it, otherwise the request that will hold the answer. */
  ask(text: string, code: string | null, conversationId?: string): Promise<TriageAnswer>
  /** Polls until the request has ended or `timeoutMs` has passed, and returns the last state. */
  ended(id: string, timeoutMs?: number): Promise<RequestState>
  submissions(query?: Record<string, string>): Promise<SubmissionPage>
  history(studentId: string): Promise<HistoryPage>
  exercises(query?: Record<string, string>): Promise<ExerciseList>
  /** @throws NOT_FOUND */
  exercise(id: string): Promise<ExerciseView>
  mastery(studentId: string): Promise<MasteryView>
}

const defaultTimeoutMs = 30_000
/** The longest wait that the API allows. */
const maxWaitSeconds = 30

const isCode = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof Error &&
  (codes.includes(String((error as NodeJS.ErrnoException).code)) || isCode(error.cause, codes))

/** After these errors the server has not seen the request. */
const refused = ['ECONNREFUSED']
/** After these errors the server may have begun the request, so only repeatable requests may be sent again. */
const broken = [...refused, 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

/** Tries the addresses in turn, as long as repeating the request is safe. @throws DEPENDENCY_DOWN */
async function firstAnswer(
  [url = '', ...others]: readonly string[],
  path: string,
  init: RequestInit,
): Promise<Response> {
  try {
    return await fetch(new URL(path, url), init)
  } catch (cause) {
    const repeatable = init.method === 'GET' || new Headers(init.headers).has('idempotency-key')
    if (others.length > 0 && isCode(cause, repeatable ? broken : refused)) return firstAnswer(others, path, init)
    throw new PlatformError('DEPENDENCY_DOWN', `the API at ${url} does not answer`, { hint: 'learnflow status', cause })
  }
}

export interface ClientOptions {
  url: string
  /** Further addresses of the same API, tried when the one before accepts no connection. */
  also?: readonly string[] | undefined
  token?: string | undefined
}

/** A client that authenticates with `token`, or not at all without one. */
export function apiClient({ url, also = [], token }: ClientOptions): ApiClient {
  const raw = async (
    method: string,
    path: string,
    { body, headers = {}, timeoutMs = 35_000 }: CallOptions = {},
  ): Promise<Reply> => {
    const init: RequestInit = {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    }
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body)
    const reply = await firstAnswer([url, ...also], path, { ...init, signal: AbortSignal.timeout(timeoutMs) })
    const text = await reply.text()
    return {
      status: reply.status,
      headers: reply.headers,
      body:
        text === ''
          ? undefined
          : reply.headers.get('content-type')?.includes('json') === true
            ? JSON.parse(text)
            : text,
    }
  }
  const call = async <Schema extends z.ZodType>(
    schema: Schema,
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<z.infer<Schema>> => {
    const reply = await raw(method, path, options)
    if (reply.status < 400) return schema.parse(reply.body)
    throw refusalOf(reply)
  }
  const request = async (id: string): Promise<RequestState> => call(RequestState, 'GET', `/api/v1/requests/${id}`)
  return {
    raw,
    at: other => apiClient({ url: other, token }),
    request,
    submit: async (exercise_id, code, key) =>
      call(Accepted, 'POST', '/api/v1/submissions', {
        body: { exercise_id, code },
        headers: { 'idempotency-key': key },
      }),
    ask: async (text, code, conversation_id) =>
      call(TriageAnswer, 'POST', '/api/v1/triage', { body: { text, code, conversation_id } }),
    async ended(id, timeoutMs = defaultTimeoutMs) {
      for (const start = performance.now(); ;) {
        const left = Math.max(0, timeoutMs - (performance.now() - start))
        const state = await call(RequestState, 'GET', `/api/v1/requests/${id}`, {
          headers: { prefer: `wait=${Math.min(maxWaitSeconds, Math.ceil(left / 1_000))}` },
        })
        if (!['queued', 'working'].includes(state.status) || left === 0) return state
      }
    },
    submissions: async (query = {}) =>
      call(SubmissionPage, 'GET', `/api/v1/submissions?${new URLSearchParams(query).toString()}`),
    history: async studentId => call(HistoryPage, 'GET', `/api/v1/students/${encodeURIComponent(studentId)}/history`),
    exercises: async (query = {}) =>
      call(ExerciseList, 'GET', `/api/v1/exercises?${new URLSearchParams(query).toString()}`),
    exercise: async id => call(ExerciseView, 'GET', `/api/v1/exercises/${encodeURIComponent(id)}`),
    mastery: async studentId =>
      call(MasteryView, 'GET', `/api/v1/agents/progress/mastery/${encodeURIComponent(studentId)}`),
  }
}

const lacks = (status: number, { hint, errors = [] }: z.infer<typeof Problem>): boolean =>
  status === 405 ||
  (status === 404 && hint === unknownRouteHint) ||
  errors.some(({ message }) => message === unknownField)

/** The error that a refusal of the API describes; a route or field that it does not know, it is too old for. */
export function refusalOf({ status, body }: Reply): PlatformError {
  const problem = Problem.safeParse(body)
  if (problem.success && lacks(status, problem.data)) return otherVersion(problem.data.detail)
  const code = problem.success && problem.data.code in codes ? (problem.data.code as keyof typeof codes) : 'INTERNAL'
  return new PlatformError(code, problem.success ? problem.data.detail : `the API answered ${status}`, {
    hint: problem.success ? problem.data.hint : 'learnflow logs shows more.',
  })
}
