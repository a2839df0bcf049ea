import * as z from 'zod'
import { type Role, roles } from '../schemas/words.ts'

const form = 'must be pairs as professor=teacher,Learner=student, each value once, or a JSON object of them'
const RoleMap = z.record(z.string().min(1), z.enum(roles, `is none of ${roles.join(', ')}`))

/** The role here of each role value of an identity provider. */
export type RoleMap = z.infer<typeof RoleMap>

/** Pairs of a value and our role, as text or as the mapping of a settings file; values with a comma need the latter. */
export const roleMap = z.preprocess((given, context) => {
  if (typeof given !== 'string') return given
  const read = given.trimStart().startsWith('{') ? fromJson(given) : fromPairs(given)
  if (read !== undefined) return read
  context.addIssue({ code: 'custom', message: form })
  return z.NEVER
}, RoleMap)

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A value may hold an equals sign, a role does not. */
function fromPairs(text: string): Record<string, string> | undefined {
  const pairs = text.split(',').map(pair => /^\s*(.*\S)\s*=\s*(\S+)\s*$/.exec(pair))
  if (pairs.some(pair => pair === null)) return undefined
  const read = pairs.map(pair => [pair?.[1] ?? '', pair?.[2] ?? ''] as const)
  return new Set(read.map(([value]) => value)).size === read.length ? Object.fromEntries(read) : undefined
}

/** Our roles among what a token says, by the map if there is one. */
export function mappedRoles(names: readonly unknown[], map: RoleMap | undefined): Role[] {
  if (map === undefined) return roles.filter(role => names.includes(role))
  return names.flatMap(name => (typeof name === 'string' && Object.hasOwn(map, name) ? [map[name] as Role] : []))
}
