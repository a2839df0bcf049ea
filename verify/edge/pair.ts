/** What Kong does by itself, so that its answer is another one than the API's. */
export const kongWays = {
  refuses: 'Kong refuses a token itself: 401 with a `message`, which is no problem document',
  'no-route': 'Kong answers 404 where it has no route, also for a method (never 405) and for /metrics',
  'token-first': 'Kong asks for a token under /api/v1/ before anybody knows whether the path exists',
  size: 'Kong refuses a large body itself: 413 with a `message`',
  limit: 'Kong refuses request 101 of a calendar minute itself: 429 with a `message`',
  overshoots: 'Kong lets more through when many come at once',
  'staff-too': 'Kong does not know roles and counts staff like students',
  preflight: 'Kong answers the preflight of a page; the API only where LEARNFLOW_CORS_ORIGINS is set',
} as const

/** Whose token a request has, or what is wrong with it. */
export type TokenName =
  | 'student'
  | 'teacher'
  | 'operator'
  | 'second of the student'
  | 'none'
  | 'garbage'
  | 'two parts'
  | 'expired'
  | 'not yet valid'
  | 'wrong secret'
  | 'other issuer'
  | 'other audience'
  | 'other algorithm'
  | 'alg none'
  | 'changed'
  | 'cut'
  | 'no exp'
  | 'no sub'
  | 'empty sub'
  | 'long sub'
  | 'sub with a line break'
  | 'no role'
  | 'unknown role'

export interface Answer {
  status: number
  /** The code of the problem document; without it the answer may be anything. */
  code?: string
  /** `message` of an answer that Kong makes itself. */
  message?: RegExp
  /** A header that must match, or must not be there. */
  headers?: Readonly<Record<string, RegExp | null>>
}

/**
 * A request and its answer. Each pair has a student of its own; `ME` in the path is that student, `TOKEN` in the path
 * or in headers the token, and a number of the limit is the edge's own.
 */
export interface Pair {
  id: string
  method: string
  path: string
  token: TokenName
  headers?: Readonly<Record<string, string>>
  body?: unknown
  /** Sent as it is, in chunks without a length. */
  chunks?: readonly string[]
  /** How many requests of the same student went before, as a difference to the limit: -1 leaves room for one. */
  after?: number
  /** Sent so often at once; exactly so many of them (by Kong at least) have this answer, the others are refused. */
  atOnce?: { of: number; answered: number }
  answer: Answer
  kong?: Answer & { way: keyof typeof kongWays }
}

/** A pair: what is not given is a GET of the exercises by a student that goes well. */
export const pair = (id: string, given: Partial<Omit<Pair, 'id'>> = {}): Pair => ({
  id,
  method: 'GET',
  path: '/api/v1/exercises',
  token: 'student',
  answer: { status: 200 },
  ...given,
})

const unauthenticated: Answer = { status: 401, code: 'UNAUTHENTICATED', headers: { 'www-authenticate': /^Bearer/ } }

/** Refused by whoever sees it first. */
export const refusedAtOnce = (id: string, given: Partial<Omit<Pair, 'id'>> = {}): Pair =>
  pair(id, {
    answer: unauthenticated,
    kong: { status: 401, headers: { 'www-authenticate': /^Bearer/ }, way: 'refuses' },
    ...given,
  })

/** Let through by Kong, which does not look at this claim, and refused by the API behind it. */
export const refusedByApi = (id: string, given: Partial<Omit<Pair, 'id'>> = {}): Pair =>
  pair(id, { answer: unauthenticated, ...given })

/** Refused by the API with a problem. */
export const problem = (id: string, status: number, code: string, given: Partial<Omit<Pair, 'id'>> = {}): Pair =>
  pair(id, { answer: { status, code }, ...given })
