import { pair, type Pair } from './pair.ts'

const headers = { 'ratelimit-remaining': /^0$/, 'ratelimit-reset': /^\d+$/, 'retry-after': /^[1-9]\d*$/ }
const refused = (id: string, given: Partial<Omit<Pair, 'id'>> = {}): Pair =>
  pair(id, {
    after: 0,
    answer: { status: 429, code: 'TOO_MANY_REQUESTS', headers },
    kong: { status: 429, message: /rate limit exceeded/, headers, way: 'limit' },
    ...given,
  })

/** How much a student may send. */
export const limitPairs: readonly Pair[] = [
  pair('limit.told', {
    after: -1,
    answer: { status: 200, headers: { 'ratelimit-limit': /^\d+$/, 'ratelimit-remaining': /^0$/ } },
  }),
  refused('limit.next'),
  refused('limit.other-route', { path: '/api/v1/notifications' }),
  refused('limit.other-token-of-the-student', { token: 'second of the student' }),
  refused('limit.with-the-name-of-another', { headers: { 'x-student-id': 'synthetic-somebody-else' } }),
  refused('limit.with-another-address', { headers: { 'x-forwarded-for': '203.0.113.7', 'x-real-ip': '203.0.113.7' } }),
  refused('limit.to-change', { method: 'POST', path: '/api/v1/triage', body: { text: 'why?', code: null } }),
  pair('limit.not-of-the-open', { path: '/health/live', after: 0 }),
  pair('limit.not-of-staff', {
    token: 'teacher',
    after: 0,
    kong: { status: 429, message: /rate limit exceeded/, way: 'staff-too' },
  }),
  pair('limit.last-place-once', {
    after: -1,
    atOnce: { of: 50, answered: 1 },
    kong: { status: 200, way: 'overshoots' },
  }),
]
