import type * as z from 'zod'
import { Accepted, ExerciseSummary, MasteryView, Problem, RequestState, SubmissionList } from '../schemas/api.ts'
import { codes, PlatformError } from '../platform/errors.ts'

/** What came back, whatever its status. */
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

export type ApiClient = ReturnType<typeof apiClient>

const waitSteps = { pollMs: 50, timeoutMs: 30_000 }

/** The tutoring API as a client sees it. Calls other than `raw` throw the PlatformError that a problem document stands for. */
export function apiClient({ url, token }: { url: string; token?: string | undefined }) {
  const raw = async (method: string, path: string, { body, headers = {}, timeoutMs = 35_000 }: CallOptions = {}): Promise<Reply> => {
    const init: RequestInit = {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    }
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body)
    const reply = await fetch(new URL(path, url), { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
      throw new PlatformError('DEPENDENCY_DOWN', `the API at ${url} does not answer`, { hint: 'learnflow status', cause })
    })
    const text = await reply.text()
    return {
      status: reply.status,
      headers: reply.headers,
      body: text === '' ? undefined : reply.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text,
    }
  }
  const call = async <Schema extends z.ZodType>(schema: Schema, method: string, path: string, options?: CallOptions): Promise<z.infer<Schema>> => {
    const reply = await raw(method, path, options)
    if (reply.status < 400) return schema.parse(reply.body)
    throw problemOf(reply)
  }
  const request = async (id: string): Promise<RequestState> => call(RequestState, 'GET', `/api/v1/requests/${id}`)
  return {
    raw,
    /** The same caller at another address. */
    at: (other: string): ApiClient => apiClient({ url: other, token }),
    request,
    /** Hands a program in; the same key never makes a second submission. */
    submit: async (exercise_id: string, code: string, key: string): Promise<Accepted> =>
      call(Accepted, 'POST', '/api/v1/submissions', { body: { exercise_id, code }, headers: { 'idempotency-key': key } }),
    /** Asks until the request has ended, at most `timeoutMs`. */
    async ended(id: string, timeoutMs: number = waitSteps.timeoutMs): Promise<RequestState> {
      for (const start = performance.now(); ;) {
        const state = await request(id)
        if (!['queued', 'working'].includes(state.status) || performance.now() - start > timeoutMs) return state
        await new Promise(resolve => setTimeout(resolve, waitSteps.pollMs))
      }
    },
    submissions: async (query: Record<string, string> = {}): Promise<SubmissionList> =>
      call(SubmissionList, 'GET', `/api/v1/submissions?${new URLSearchParams(query)}`),
    exercises: async (query: Record<string, string> = {}): Promise<ExerciseSummary[]> =>
      call(ExerciseSummary.array(), 'GET', `/api/v1/exercises?${new URLSearchParams(query)}`),
    mastery: async (studentId: string): Promise<MasteryView> => call(MasteryView, 'GET', `/api/v1/agents/progress/mastery/${encodeURIComponent(studentId)}`),
  }
}

function problemOf({ status, body }: Reply): PlatformError {
  const problem = Problem.safeParse(body)
  const code = problem.success && problem.data.code in codes ? (problem.data.code as keyof typeof codes) : 'INTERNAL'
  return new PlatformError(code, problem.success ? (problem.data.detail ?? problem.data.title) : `the API answered ${status}`, {
    hint: (problem.success ? problem.data.hint : undefined) ?? 'learnflow logs shows more.',
  })
}
