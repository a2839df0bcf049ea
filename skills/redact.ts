import { readFile } from 'node:fs/promises'
import { hasCode } from '../platform/errors.ts'
import { dataPaths } from '../platform/owner/data-folder.ts'

const mark = '[redacted]'

/** What a secret looks like: a JWT, a bearer token, a password in an address or in a setting, a private key. */
const patterns: readonly [RegExp, string][] = [
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, mark],
  [/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${mark}`],
  [/(:\/\/[^/\s:@]*:)[^/\s@]+@/g, `$1${mark}@`],
  [/\b((?:password|passwd|secret|token|api_?key)["']?\s*[=:]\s*["']?)[^\s"',;&]{4,}/gi, `$1${mark}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, mark],
]

/** Names of fields that hold only a secret. */
const secretFields = /^(?:password|passwd|secret|token|api_?key|authorization)$/i

/**
 * Removes secrets from everything that leaves a script: what looks like one, and those in `known` whatever they look
 * like.
 */
export function redactor(known: readonly string[]): <T>(value: T) => T {
  const text = (value: string): string => {
    const bare = known.reduce((left, secret) => left.replaceAll(secret, mark), value)
    return patterns.reduce((left, [pattern, by]) => left.replaceAll(pattern, by), bare)
  }
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(deep)
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          typeof inner === 'string' && secretFields.test(key) ? mark : deep(inner),
        ]),
      )
    return value
  }
  return <T>(value: T) => deep(value) as T
}

/** The redactor for texts about this data folder: it knows the folder's secret, if there is one. */
export async function folderRedactor(folder: string): Promise<<T>(value: T) => T> {
  try {
    const secret = (await readFile(dataPaths(folder).secret, 'utf8')).trim()
    return redactor(secret === '' ? [] : [secret])
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ENAMETOOLONG', 'ELOOP')) return redactor([])
    throw error
  }
}
