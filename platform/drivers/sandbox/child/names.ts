import type { Api } from './module.ts'

const typeSubclass = 1 << 31 // Py_TPFLAGS_TYPE_SUBCLASS, CPython Include/object.h

/**
 * The object that a name in a call refers to before the program runs, in the prelude or in Python. A reference is held
 * until it is released.
 */
interface Meaning {
  object: number
  ofPrelude: boolean
}
export type Meanings = ReadonlyMap<string, Meaning>

const valueOf = ({ c, name }: Api, namespace: number, word: string): number =>
  c('_PyDict_GetItemString', namespace, name(word))

export const isDefined = (api: Api, namespace: number, word: string): boolean => valueOf(api, namespace, word) !== 0

const wordsOf = (call: string): Set<string> => new Set(call.match(/[\p{L}_][\p{L}\p{N}_]*/gu))

/** Python's builtins for the names in the calls; must be read in a fresh interpreter, and stays valid. */
export function builtinsIn(api: Api, calls: readonly string[]): ReadonlyMap<string, number> {
  const builtins = api.c('_PyEval_GetBuiltins')
  const found = new Map([...wordsOf(calls.join(' '))].map(word => [word, valueOf(api, builtins, word)]))
  for (const object of found.values()) api.c('_Py_IncRef', object)
  return found
}

/** Must be called after the prelude and before the program. */
export function meaningsIn(
  api: Api,
  call: string,
  namespace: number,
  { definedNames, originals }: { definedNames: readonly string[]; originals: ReadonlyMap<string, number> },
): Meanings {
  const found = new Map<string, Meaning>()
  for (const word of wordsOf(call)) {
    const own = valueOf(api, namespace, word)
    const object = own || (originals.get(word) ?? 0)
    if (object === 0 || definedNames.includes(word)) continue
    api.c('_Py_IncRef', object)
    found.set(word, { object, ofPrelude: own !== 0 })
  }
  return found
}

export const release = ({ c }: Api, meanings: Meanings): void =>
  meanings.forEach(({ object }) => c('_Py_DecRef', object))

/**
 * Evaluates a call. A name that the program has redefined although it is not in `definedNames` keeps its earlier
 * meaning: a program may define its own `list` or test data, while a test means Python's `list` and its own data. The
 * program's version is used for prelude names that its own functions use, and for classes, because functions check
 * whether their arguments are instances of that class. 0 when it raises.
 */
export function evaluate(
  api: Api,
  {
    code,
    call,
    module,
    namespace,
    meanings,
  }: Record<'code' | 'module' | 'namespace', number> & { call: string; meanings: Meanings },
): number {
  const { c, name } = api
  const taken = keptMeanings(api, { module, namespace, meanings })
  if (taken.length === 0) return c('_PyEval_EvalCode', code, namespace, namespace)
  const names = c('_PyDict_New')
  for (const [word, { object }] of taken) c('_PyDict_SetItemString', names, name(word), object)
  // A lambda or a generator in a call looks up names only in its globals.
  const globals = /\b(?:lambda|for)\b/.test(call) ? c('_PyDict_Copy', namespace) : namespace
  if (globals !== namespace) c('_PyDict_Update', globals, names)
  const result = c('_PyEval_EvalCode', code, globals, names)
  c('_Py_DecRef', names)
  if (globals !== namespace) c('_Py_DecRef', globals)
  return result
}

/** The names that keep their earlier meaning, as `evaluate` says. */
export function keptMeanings(
  api: Api,
  { module, namespace, meanings }: Record<'module' | 'namespace', number> & { meanings: Meanings },
): [string, Meaning][] {
  const builtins = api.c('_PyEval_GetBuiltins')
  const changed = [...meanings].filter(([word, { object, ofPrelude }]) => {
    const now = valueOf(api, namespace, word) || valueOf(api, builtins, word)
    return now !== object && !(ofPrelude && isClass(api, now))
  })
  const used = changed.some(([, { ofPrelude }]) => ofPrelude) ? usedByFunctions(api, module) : new Set<string>()
  return changed.filter(([word, { ofPrelude }]) => !(ofPrelude && used.has(word)))
}

const isClass = (api: Api, object: number): boolean =>
  object !== 0 && (api.c('_PyType_GetFlags', api.typeOf(object)) & typeSubclass) !== 0

/**
 * The global names that functions and classes of a program use. Code objects are C types, so a program cannot replace
 * their attributes.
 */
function usedByFunctions(api: Api, module: number): Set<string> {
  const codes = [module]
  const found = new Set<string>()
  for (const code of codes) {
    const within = api
      .itemsOf(api.attribute(code, 'co_consts'))
      .filter(item => api.typeOf(item) === Number(api.module['_PyCode_Type']))
    codes.push(...within)
    // Names in a top-level generator do not belong to a function.
    for (const one of within.filter(inner => api.toText(api.attribute(inner, 'co_name')) !== '<genexpr>'))
      for (const word of api.itemsOf(api.attribute(one, 'co_names'))) found.add(api.toText(word))
  }
  return found
}
