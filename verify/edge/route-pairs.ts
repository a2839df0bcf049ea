import { pair, type Pair, problem } from './pair.ts'

const noRoute = { kong: { status: 404, message: /no Route matched/, way: 'no-route' } } as const
const other = 'synthetic-somebody-else'
const nobody = '00000000-0000-4000-8000-000000000000'

/** What is open, what is not there, and who may see what. */
export const routePairs: readonly Pair[] = [
  pair('open.live', {
    path: '/health/live',
    token: 'none',
    answer: { status: 200, headers: { 'ratelimit-limit': null } },
  }),
  pair('open.ready', { path: '/health/ready', token: 'none' }),
  pair('open.description', { path: '/openapi.json', token: 'none' }),
  pair('open.head', { method: 'HEAD', path: '/health/live', token: 'none' }),
  pair('open.bad-token-does-not-matter', { path: '/health/live', token: 'garbage' }),
  pair('open.metrics-only-inside', { path: '/metrics', token: 'none', ...noRoute }),
  problem('unknown.root', 404, 'NOT_FOUND', { path: '/', ...noRoute }),
  problem('unknown.prefix-alone', 404, 'NOT_FOUND', { path: '/api/v1', ...noRoute }),
  problem('unknown.other-version', 404, 'NOT_FOUND', { path: '/api/v2/exercises', ...noRoute }),
  problem('unknown.under-health', 404, 'NOT_FOUND', { path: '/health/live/more', ...noRoute }),
  problem('unknown.with-token', 404, 'NOT_FOUND', { path: '/api/v1/nothing' }),
  problem('unknown.without-token', 404, 'NOT_FOUND', {
    path: '/api/v1/nothing',
    token: 'none',
    kong: { status: 401, way: 'token-first' },
  }),
  pair('method.patch', {
    method: 'PATCH',
    answer: { status: 405, code: 'INVALID_INPUT', headers: { allow: /GET/ } },
    ...noRoute,
  }),
  pair('method.post-to-health', {
    method: 'POST',
    path: '/health/live',
    token: 'none',
    answer: { status: 405, code: 'INVALID_INPUT', headers: { allow: /GET/ } },
    ...noRoute,
  }),
  problem('method.put-not-taken-here', 405, 'INVALID_INPUT', { method: 'PUT' }),
  problem('method.options-without-page', 405, 'INVALID_INPUT', { method: 'OPTIONS' }),
  problem('method.preflight', 405, 'INVALID_INPUT', {
    method: 'OPTIONS',
    token: 'none',
    headers: { origin: 'https://learnflow.example', 'access-control-request-method': 'GET' },
    kong: { status: 200, headers: { 'access-control-allow-origin': /learnflow/ }, way: 'preflight' },
  }),
  pair('head.of-a-list', { method: 'HEAD' }),
  pair('answer.not-kept', {
    path: '/api/v1/notifications',
    answer: { status: 200, headers: { 'cache-control': /no-store/, 'x-content-type-options': /^nosniff$/ } },
  }),
  pair('answer.compressed', {
    headers: { 'accept-encoding': 'gzip' },
    answer: { status: 200, headers: { 'content-encoding': /gzip/ } },
  }),
  pair('answer.etag', { path: '/api/v1/exercises/square', answer: { status: 200, headers: { etag: /./ } } }),
  pair('own.history', { path: '/api/v1/students/ME/history' }),
  pair('own.memberships', { path: '/api/v1/memberships' }),
  pair('own.quizzes', { path: '/api/v1/quizzes' }),
  pair('own.conversations', { path: '/api/v1/conversations' }),
  pair('own.submissions', { path: '/api/v1/submissions' }),
  problem('other.history', 403, 'FORBIDDEN', { path: `/api/v1/students/${other}/history` }),
  problem('other.mastery', 403, 'FORBIDDEN', { path: `/api/v1/agents/progress/mastery/${other}` }),
  problem('other.by-headers', 403, 'FORBIDDEN', {
    path: `/api/v1/students/${other}/history`,
    headers: { 'x-student-id': other, 'x-role': 'operator', 'x-consumer-username': 'learnflow' },
  }),
  problem('other.classes', 403, 'FORBIDDEN', { path: '/api/v1/classes' }),
  problem('absent.request', 404, 'NOT_FOUND', { path: `/api/v1/requests/${nobody}` }),
  problem('absent.exercise', 404, 'NOT_FOUND', { path: '/api/v1/exercises/no-such-exercise' }),
]
