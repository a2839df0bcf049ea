type Fields = Record<string, unknown>

/**
 * Remembers every object that is reachable from `roots` through plain fields, and what each field holds. The returned
 * function gives all of them these values again and removes the fields that were added since; what cannot be given back
 * throws. Bytes are not remembered: none may be reachable.
 * @throws Error when bytes are reachable
 */
export function keepAll(roots: readonly object[]): () => void {
  const known = new Set<object>()
  const waiting = [...roots]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (known.has(next)) continue
    known.add(next)
    if (ArrayBuffer.isView(next) && next.byteLength > 0) throw new Error('bytes of the file system can be changed')
    for (const key of fieldsOf(next)) {
      const value = (next as Fields)[key]
      if ((typeof value === 'object' && value !== null) || typeof value === 'function') waiting.push(value)
    }
  }
  const restorers = [...known].filter(object => !Object.isFrozen(object)).map(keepOwn)
  return () => {
    for (const restore of restorers) restore()
  }
}

/** Remembers the fields of one object. */
export function keepOwn(object: object): () => void {
  const fields = object as Fields
  const kept = fieldsOf(object).map(key => [key, fields[key]] as const)
  const names = new Set(kept.map(([key]) => key))
  const length = Array.isArray(object) ? object.length : undefined
  return () => {
    if (length !== undefined && (object as unknown[]).length !== length) (object as unknown[]).length = length
    for (const key in object) if (Object.hasOwn(object, key) && !names.has(key)) delete fields[key]
    for (const [key, value] of kept) if (fields[key] !== value) fields[key] = value
  }
}

/** The enumerable own fields that hold a value, not an accessor. */
const fieldsOf = (object: object): string[] =>
  Object.keys(object).filter(key => Object.getOwnPropertyDescriptor(object, key)?.get === undefined)
