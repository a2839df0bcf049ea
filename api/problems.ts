import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import '../schemas/missing.ts'
import { type Code, codes, PlatformError } from '../platform/errors.ts'
import { FaultyExercise } from '../tutor/exercise/parse-exercise.ts'
import { unknownField } from './unknown.ts'

/** One wrong field: `path` is like `body.code`; for an exercise it is the file, with the line. */
interface FieldError {
  path: string
  message: string
  line?: number
}

/** RFC 9457 problem details with our `code` and `hint`. */
export interface ProblemDetails {
  type: string
  title: string
  status: number
  detail: string
  code: Code
  hint: string
  errors?: FieldError[]
}

/** The title of each of our failures, independent of its details. */
const titles: Partial<Record<Code, string>> = {
  INVALID_INPUT: 'The request is not valid',
  UNAUTHENTICATED: 'No valid token',
  FORBIDDEN: 'Not allowed',
  NOT_FOUND: 'Not found',
  CONFLICT: 'The state of the resource does not allow this',
  IN_FLIGHT: 'The same request is still being accepted',
  TOO_LARGE: 'The request is too large',
  KEY_REUSED: 'The Idempotency-Key was used for something else',
  TOO_MANY_REQUESTS: 'Too many requests',
  EXERCISE_FAULTY: 'The exercise does not stand its proof',
  AGENT_ABSENT: 'The agent is not deployed',
  STORAGE_FULL: 'No room left to store this',
  INTERNAL: 'A fault of ours',
}

const retryAfterSeconds: Partial<Record<Code, number>> = { IN_FLIGHT: 1, TOO_MANY_REQUESTS: 5 }

/** A problem by its code; `status` overrides the one of the table where HTTP is finer than our codes (405, 415). */
export function problem(
  code: Code,
  detail: string,
  hint: string,
  { status = codes[code].http, errors }: { status?: number; errors?: FieldError[] } = {},
): ProblemDetails {
  const title = titles[code] ?? 'The platform cannot do this now'
  return {
    type: `urn:learnflow:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    detail,
    code,
    hint,
    ...(errors === undefined ? {} : { errors }),
  }
}

/** Fastify's own errors by code: we keep the status and replace the texts. */
const refusals: Readonly<Record<string, readonly [Code, string, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'TOO_LARGE',
    'the body is larger than 1 MiB',
    'Send a smaller body; a program may have 65,536 characters.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'INVALID_INPUT',
    'the body is not declared as JSON',
    'Send it with Content-Type: application/json.',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: [
    'INVALID_INPUT',
    'the body is empty though Content-Type says JSON',
    'Send a JSON object, or no Content-Type.',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: ['INVALID_INPUT', 'the body is not JSON', 'Send one JSON object.'],
}

/** Any thrown value as a problem. Unexpected errors do not reveal their message. */
export function problemOf(error: unknown): ProblemDetails {
  if (error instanceof FaultyExercise) {
    const errors = error.problems.map(({ path, line, message }) => ({ path, line, message }))
    return problem(error.code, error.message.slice(0, 2_000), error.hint, { errors })
  }
  if (error instanceof PlatformError)
    return error.code === 'INTERNAL' ? unexpected() : problem(error.code, error.message, error.hint)
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error)
  const { code, statusCode, message } = error as Partial<FastifyError>
  const refusal = refusals[code ?? '']
  if (refusal !== undefined && statusCode !== undefined)
    return problem(refusal[0], refusal[1], refusal[2], { status: statusCode })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return problem('INVALID_INPUT', message ?? 'the request is not valid', 'See /openapi.json.', { status: statusCode })
  return unexpected()
}

const unexpected = (): ProblemDetails =>
  problem(
    'INTERNAL',
    'something went wrong that should not have',
    'Nothing you sent is at fault. The log of the platform has the cause: learnflow logs.',
  )

/** Reports all wrong fields together. */
function invalid(
  error: FastifyError & {
    validation: readonly { instancePath: string; message?: string; params: Record<string, unknown> }[]
  },
): ProblemDetails {
  const part = error.validationContext ?? 'body'
  const errors = error.validation.flatMap(({ instancePath, message, params }) => {
    const path = [part, ...instancePath.split('/').filter(name => name !== '')].join('.')
    const unknown = Array.isArray(params['keys']) ? params['keys'].map(String) : []
    return unknown.length === 0
      ? [{ path, message: message ?? 'is not valid' }]
      : unknown.map(name => ({ path: `${path}.${name}`, message: unknownField }))
  })
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return problem('INVALID_INPUT', detail.slice(0, 500), 'See /openapi.json for what this route takes.', { errors })
}

/** Sends a problem, with Retry-After where a repeat can succeed; one that is set already is kept. */
export function sendProblem(reply: FastifyReply, details: ProblemDetails): FastifyReply {
  const wait = retryAfterSeconds[details.code] ?? (details.status === 503 ? 5 : undefined)
  if (wait !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', String(wait))
  return reply
    .code(details.status)
    .type('application/problem+json')
    .serializer((text: string) => text)
    .send(JSON.stringify(details))
}

/** The error handler of the server. */
export function onError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const details = problemOf(error)
  // Nobody reads the answer to a client that has left.
  if (details.status >= 500 && !reply.raw.destroyed)
    request.log.error({ err: error, route: request.routeOptions.url, code: details.code }, details.detail)
  return sendProblem(reply, details)
}
