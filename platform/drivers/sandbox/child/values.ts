import type { PythonValue } from '../../../ports/python-value.ts'
import type { Api } from './module.ts'

// Bits of tp_flags that say which built-in type a class derives from (CPython, Include/object.h).
const derives = { int: 1 << 24, list: 1 << 25, tuple: 1 << 26, bytes: 1 << 27, str: 1 << 28, dict: 1 << 29 } as const
const deepest = 1_000
/** The maximum number of values in one result. */
const maxNodes = 200_000
/**
 * The cost budget for all results of a run, because they leave the process together: `anew` for each value, `again` for
 * one that is already in the result.
 */
const cost = { anew: 8, again: 1, max: 8_000_000 }
const maxReprLength = 200
/** The largest exponent of a Decimal that is read as a number. */
const maxPower = 1_000

class TooLarge extends Error {}

/**
 * Reads a result from the interpreter through the storage of its built-in base type. No method of the object runs, so a
 * program's `__eq__`, `__iter__` or `__class__` cannot falsify it; a subclass (Counter, namedtuple, IntEnum) counts as
 * the data it holds.
 */
export function readValue(api: Api, object: number, budget: Budget): PythonValue {
  const left: Left = { nodes: maxNodes, budget, leaves: new Map() }
  try {
    return read(api, object, 0, left)
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return { kind: 'other', type: api.typeName(api.typeOf(object)), repr: '<too deep or too large to compare>' }
  }
}

/** The remaining cost budget of a run's results. */
export interface Budget {
  left: number
}

export const budget = (): Budget => ({ left: cost.max })

/** `leaves` by address: an object that contains no others is read once. */
interface Left {
  nodes: number
  budget: Budget
  leaves: Map<number, PythonValue>
}

function read(api: Api, object: number, depth: number, left: Left): PythonValue {
  const known = left.leaves.get(object)
  left.nodes -= 1
  left.budget.left -= known === undefined ? cost.anew : cost.again
  if (left.nodes < 0 || left.budget.left < 0 || depth > deepest) throw new TooLarge()
  if (known !== undefined) return known
  const value = readAnew(api, object, {
    next: item => read(api, item, depth + 1, left),
    // Checked at the start, so that an oversized value is not read halfway.
    room(size) {
      if (size > left.nodes) throw new TooLarge()
      return size
    },
  })
  if ('value' in value) left.leaves.set(object, value)
  return value
}

interface Reading {
  next(item: number): PythonValue
  room(size: number): number
}

function readAnew(api: Api, object: number, { next, room }: Reading): PythonValue {
  const type = api.typeOf(object)
  const flags = api.c('_PyType_GetFlags', type)
  const { c, module } = api
  const isA = (builtin: string): boolean => c('_PyType_IsSubtype', type, Number(module[builtin])) !== 0
  if (object === Number(module['__Py_NoneStruct'])) return { kind: 'none' }
  if (type === Number(module['_PyBool_Type']))
    return { kind: 'bool', value: object === Number(module['__Py_TrueStruct']) }
  if (flags & derives.int) return { kind: 'int', value: readInt(api, object) }
  if (flags & derives.str) return { kind: 'str', value: api.toText(object) }
  if (flags & derives.list)
    return {
      kind: 'list',
      items: Array.from({ length: room(c('_PyList_Size', object)) }, (_, at) => next(c('_PyList_GetItem', object, at))),
    }
  if (flags & derives.tuple)
    return {
      kind: 'tuple',
      items: Array.from({ length: room(c('_PyTuple_Size', object)) }, (_, at) =>
        next(c('_PyTuple_GetItem', object, at)),
      ),
    }
  if (flags & derives.dict)
    return { kind: 'dict', entries: readDict(api, object).map(([key, value]) => [next(key), next(value)]) }
  if (flags & derives.bytes)
    return { kind: 'bytes', value: api.bytesAt(c('_PyBytes_AsString', object), c('_PyBytes_Size', object)) }
  if (isA('_PyFloat_Type')) return { kind: 'float', value: c('_PyFloat_AsDouble', object) }
  if (isA('_PySet_Type') || isA('_PyFrozenSet_Type'))
    return { kind: isA('_PySet_Type') ? 'set' : 'frozenset', items: readSet(api, object).map(next) }
  if (isA('_PyComplex_Type'))
    return {
      kind: 'complex',
      real: c('_PyComplex_RealAsDouble', object),
      imaginary: c('_PyComplex_ImagAsDouble', object),
    }
  if (isA('_PyByteArray_Type'))
    return { kind: 'bytes', value: api.bytesAt(c('_PyByteArray_AsString', object), c('_PyByteArray_Size', object)) }
  if (isA('_PyDictKeys_Type') || isA('_PyDictItems_Type')) {
    const items = readView(api, object, room).map(next)
    return { kind: 'set', view: isA('_PyDictKeys_Type') ? 'dict_keys' : 'dict_items', items }
  }
  const ratio = readRatio(api, type, object)
  return {
    kind: 'other',
    type: api.typeName(type),
    repr: reprOf(api, object),
    ...(ratio === undefined ? {} : { ratio }),
  }
}

/** The items of a view of a dict, which is no container of its own. */
function readView({ c, itemsOf }: Api, view: number, room: Reading['room']): number[] {
  const tuple = c('_PySequence_Tuple', view)
  room(c('_PyTuple_Size', tuple))
  return itemsOf(tuple)
}

/** The exact types of Python's other numbers, by address; must be read in a fresh interpreter, and stay valid. */
const numberTypes = new WeakMap<Api, { fraction: number; decimal: number }>()
export function knowNumberTypes(api: Api): void {
  const typeIn = (module: string, name: string): number =>
    api.attribute(api.c('_PyImport_AddModule', api.name(module)), name)
  numberTypes.set(api, { fraction: typeIn('fractions', 'Fraction'), decimal: typeIn('decimal', 'Decimal') })
}

/** The value of a Fraction or of a finite Decimal, whose text is its exact value. */
function readRatio(api: Api, type: number, object: number): readonly [bigint, bigint] | undefined {
  const known = numberTypes.get(api)
  if (type === known?.fraction) {
    const parts = ['_numerator', '_denominator'].map(name => api.attribute(object, name))
    if (!parts.every(part => part !== 0 && api.c('_PyType_GetFlags', api.typeOf(part)) & derives.int)) return undefined
    const [numerator = 0n, denominator = 0n] = parts.map(part => readInt(api, part))
    return denominator > 0n ? [numerator, denominator] : undefined
  }
  if (type !== known?.decimal) return undefined
  const [, sign, whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(api.toText(api.c('_PyObject_Str', object))) ?? []
  if (sign === undefined || Math.abs(Number(power)) > maxPower) return undefined
  const shift = Number(power) - fraction.length
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n)
  return shift < 0 ? [digits, 10n ** BigInt(-shift)] : [digits * 10n ** BigInt(shift), 1n]
}

/** Uses int's own conversion to bytes, which a subclass cannot replace. */
function readInt(api: Api, object: number): bigint {
  const { c, module } = api
  const small = module['_PyLong_AsLongLongAndOverflow']
  const value = (small as (object: number, overflow: number) => bigint)(object, api.scratch)
  if (module.HEAP32[api.scratch >> 2] === 0) return BigInt(value)
  const sizeFlags = -1
  const size = c('_PyLong_AsNativeBytes', object, 0, 0, sizeFlags)
  const at = c('_malloc', size)
  c('_PyLong_AsNativeBytes', object, at, size, 1)
  const digits = Buffer.from(api.bytesAt(at, size).toReversed()).toString('hex')
  c('_free', at)
  return BigInt.asIntN(size * 8, BigInt(`0x${digits}`))
}

/** The keys and values, by address. */
export function readDict({ c, module, read: at }: Api, dict: number): [number, number][] {
  const cells = c('_malloc', 12)
  module.HEAPU32[cells >> 2] = 0
  const pairs: [number, number][] = []
  while (c('_PyDict_Next', dict, cells, cells + 4, cells + 8) !== 0) pairs.push([at(cells + 4), at(cells + 8)])
  c('_free', cells)
  return pairs
}

function readSet({ c, module, read: at }: Api, set: number): number[] {
  const cells = c('_malloc', 12)
  module.HEAPU32[cells >> 2] = 0
  const items: number[] = []
  while (c('__PySet_NextEntryRef', set, cells, cells + 4, cells + 8) !== 0) items.push(at(cells + 4))
  c('_free', cells)
  return items
}

/** For display only, because it runs the program's own `__repr__`. */
export function reprOf(api: Api, object: number): string {
  const text = api.c('_PyObject_Repr', object)
  if (text !== 0) return api.toText(text).slice(0, maxReprLength)
  api.c('_PyErr_Clear')
  return '<no repr>'
}
