import * as z from 'zod'
import type { Resource } from './resource.ts'

type Body = Record<string, unknown>
const isMap = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lists that a strategic merge joins by a key, in objects of Kubernetes itself; every other list is replaced. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
}

/** RFC 6902, of which the manifests need these three. */
export const JsonPatch = z.array(
  z.discriminatedUnion('op', [
    z.strictObject({ op: z.literal('add'), path: z.string().startsWith('/'), value: z.unknown() }),
    z.strictObject({ op: z.literal('replace'), path: z.string().startsWith('/'), value: z.unknown() }),
    z.strictObject({ op: z.literal('remove'), path: z.string().startsWith('/') }),
  ]),
)
export type JsonPatch = z.infer<typeof JsonPatch>

/** The steps of a JSON pointer (RFC 6901). */
const stepsOf = (pointer: string): string[] =>
  pointer
    .slice(1)
    .split('/')
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** @throws Error with the pointer when there is nothing to replace or remove. */
export function applyJsonPatch(resource: Resource, patch: JsonPatch): Resource {
  const copy = structuredClone(resource)
  for (const step of patch) {
    const steps = stepsOf(step.path)
    const last = steps.pop() ?? ''
    const parent = steps.reduce<unknown>((value, key) => (value as Body | undefined)?.[key], copy)
    if (typeof parent !== 'object' || parent === null || (step.op !== 'add' && !(last in parent)))
      throw new Error(`there is no ${step.path}`)
    if (Array.isArray(parent)) changeList(parent, last, step)
    else if (step.op === 'remove') delete (parent as Body)[last]
    else (parent as Body)[last] = structuredClone(step.value)
  }
  return copy
}

function changeList(list: unknown[], last: string, step: JsonPatch[number]): void {
  const at = last === '-' ? list.length : Number(last)
  if (step.op === 'remove') list.splice(at, 1)
  else list.splice(at, step.op === 'replace' ? 1 : 0, structuredClone(step.value))
}

/**
 * A strategic merge patch: maps are merged, null removes, lists of objects of Kubernetes are joined by their key, new
 * elements first, and every other list is replaced.
 */
export function applyMergePatch(resource: Resource, patch: Resource): Resource {
  const joins = /^(?:v1|(?:apps|batch)\/v1)$/.test(resource.apiVersion)
  const { name: _name, ...metadata } = patch.metadata
  return merged(resource, { ...patch, metadata }, joins) as Resource
}

function merged(target: unknown, patch: unknown, joins: boolean, field = ''): unknown {
  if (Array.isArray(patch)) {
    const key = joins ? mergeKeys[field] : undefined
    return key !== undefined && Array.isArray(target) ? joined(target, patch, key) : structuredClone(patch)
  }
  if (!isMap(patch)) return patch
  const result: Body = isMap(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch))
    if (value === null) delete result[name]
    else result[name] = merged(result[name], value, joins, name)
  return result
}

function joined(target: readonly unknown[], patch: readonly unknown[], key: string): unknown[] {
  const keyOf = (item: unknown): unknown => (isMap(item) ? item[key] : undefined)
  const changed = target.map(item => {
    const change = patch.find(one => keyOf(one) === keyOf(item))
    return change === undefined ? item : merged(item, change, true)
  })
  const fresh = patch.filter(one => target.every(item => keyOf(item) !== keyOf(one)))
  return [...structuredClone(fresh), ...changed]
}
