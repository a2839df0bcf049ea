import { PlatformError } from '../platform/errors.ts'
import { readUtf8 } from '../tutor/program/utf8.ts'
import type { App } from './context.ts'

const deepest = 32

/**
 * The place in a JSON value of text that PostgreSQL and Python cannot hold, and the reason; undefined when there is
 * none.
 */
function badText(value: unknown, path: string, depth = 0): string | undefined {
  if (depth > deepest) return `${path.slice(0, 20)}... is nested more than ${deepest} levels deep`
  if (typeof value === 'string') {
    if (value.includes('\u0000')) return `${path} contains a NUL byte`
    return value.isWellFormed() ? undefined : `${path} contains half of a surrogate pair`
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, part] of Object.entries(value)) {
    const bad =
      badText(name, `the name of a field in ${path}`) ?? badText(part, `${path}.${name.slice(0, 100)}`, depth + 1)
    if (bad !== undefined) return bad
  }
  return undefined
}

/**
 * Reads JSON bodies: an empty one is none, also when the client names a type for it; bytes that are not UTF-8 are
 * refused (RFC 8259, section 8.1), because what replaces them would be stored.
 */
export function readJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined)
    const read = readUtf8(body)
    if ('text' in read) return parse(request, read.text, done)
    const { badAt } = read
    return done(
      new PlatformError('INVALID_INPUT', `body is not UTF-8: byte ${badAt} is 0x${(body[badAt] ?? 0).toString(16)}`, {
        hint: 'Send JSON as UTF-8; a program in another encoding has to be converted first.',
      }),
    )
  })
}

/** Refuses bodies with text that cannot be stored, because a later failure could not be reported to the caller. */
export function refuseBadText(app: App): void {
  app.addHook('preValidation', async request => {
    const bad = badText(request.body, 'body')
    if (bad !== undefined)
      throw new PlatformError('INVALID_INPUT', bad, { hint: 'Send text without NUL bytes and lone surrogates.' })
  })
}
