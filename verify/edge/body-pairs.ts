import { pair, type Pair, problem } from './pair.ts'

const ask = { method: 'POST', path: '/api/v1/triage' } as const
const json = { 'content-type': 'application/json' }
const mebibyte = 1_048_576
const tooLarge = { kong: { status: 413, message: /size limit exceeded/, way: 'size' } } as const

/** What a request may carry. */
export const bodyPairs: readonly Pair[] = [
  problem('body.not-declared-as-json', 415, 'INVALID_INPUT', {
    ...ask,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'text=why',
  }),
  problem('body.no-json', 400, 'INVALID_INPUT', { ...ask, headers: json, body: '{"text": ' }),
  problem('body.empty', 400, 'INVALID_INPUT', { ...ask, headers: json, body: '' }),
  problem('body.list', 400, 'INVALID_INPUT', { ...ask, body: [] }),
  problem('body.unknown-field', 400, 'INVALID_INPUT', { ...ask, body: { text: 'why?', code: null, shout: true } }),
  problem('body.nul', 400, 'INVALID_INPUT', { ...ask, body: { text: 'why?\u0000', code: null } }),
  problem('body.just-small-enough', 400, 'INVALID_INPUT', { ...ask, body: { text: 'x'.repeat(mebibyte - 20) } }),
  problem('body.too-large', 413, 'TOO_LARGE', { ...ask, body: { text: 'x'.repeat(mebibyte) }, ...tooLarge }),
  problem('body.too-large-in-chunks', 413, 'TOO_LARGE', {
    ...ask,
    headers: json,
    chunks: Array.from({ length: 18 }, () => 'x'.repeat(65_536)),
    ...tooLarge,
  }),
  problem('submission.without-key', 400, 'INVALID_INPUT', {
    method: 'POST',
    path: '/api/v1/submissions',
    body: { exercise_id: 'square', code: 'def square(n): return n * n' },
  }),
  pair('submission.accepted', {
    method: 'POST',
    path: '/api/v1/submissions',
    headers: { 'idempotency-key': 'of-the-edge' },
    body: { exercise_id: 'square', code: 'def square(n): return n * n' },
    answer: { status: 202, headers: { location: /^\/api\/v1\/requests\// } },
  }),
]
