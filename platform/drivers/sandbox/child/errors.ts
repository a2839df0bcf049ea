import type { PythonError } from '../../../ports/sandbox.ts'
import type { Api } from './module.ts'

/** The file name under which a program is compiled; tracebacks keep only its frames. */
export const programFile = 'solution.py'
const tpBases = 49 // Py_tp_bases, CPython Include/typeslots.h
const keptFrames = 12
const maxMessageLength = 2_000

/** Old names of OSError. */
const aliases = new Set(['IOError', 'EnvironmentError'])

export interface Raised extends PythonError {
  /** The built-in exceptions that the type derives from, by identity. */
  is(name: string): boolean
  exitCode?: number | string | null
}

/** All built-in exceptions by their address, so that a class that only has the name of one does not count. */
export function builtinExceptions({ module, read }: Api): Map<number, string> {
  const found = Object.keys(module).flatMap(key =>
    key.startsWith('_PyExc_') && !aliases.has(key.slice(7)) && typeof module[key] === 'number'
      ? [[read(Number(module[key])), key.slice(7)] as const]
      : [],
  )
  return new Map(found)
}

/** Takes the pending exception and describes it. */
export function describeRaised(api: Api, builtins: Map<number, string>, source: string): Raised {
  const { c } = api
  const exception = api.raised()
  const type = api.typeOf(exception)
  const bases = [...builtins].filter(([builtin]) => c('_PyType_IsSubtype', type, builtin) !== 0)
  const own = ownClasses(api, type, builtins).map(api.typeName)
  const builtinNames = new Set(builtins.values())
  const depth = (address: number): number =>
    bases.filter(([base]) => c('_PyType_IsSubtype', address, base) !== 0).length
  const mro = [
    ...own.filter(name => !builtinNames.has(name)),
    ...bases.toSorted(([one], [other]) => depth(other) - depth(one)).map(([, name]) => name),
  ]
  const name = api.typeName(type)
  const message = messageOf(api, exception).slice(0, maxMessageLength)
  const is = (builtin: string): boolean => bases.some(([, known]) => known === builtin)
  const place = is('SyntaxError') ? syntaxPosition(api, exception) : undefined
  const frames = framesOf(api, exception)
  const line = place?.line ?? frames.at(-1)?.line
  return {
    type: name,
    message: place?.message ?? message,
    mro,
    is,
    traceback: tracebackText(frames, source.split('\n'), place, name, place?.message ?? message),
    ...(line === undefined ? {} : { line }),
    ...(place?.column === undefined ? {} : { column: place.column }),
    ...argumentOf(api, exception, message),
    ...(is('SystemExit') ? { exitCode: exitCode(api, exception) } : {}),
  }
}

/**
 * The program's classes in the bases of a type, itself first; read from the C structure, because a class can override
 * its attributes.
 */
function ownClasses({ c, module, read, itemsOf }: Api, type: number, builtins: Map<number, string>): number[] {
  const exceptionBase = read(Number(module['_PyExc_BaseException']))
  const found = [type].filter(one => !builtins.has(one))
  for (const one of found) {
    const bases = c('_PyType_GetSlot', one, tpBases)
    const all = bases === 0 ? [] : itemsOf(bases)
    // Python catches only by exception classes, so other bases do not count.
    found.push(
      ...all.filter(
        base => !builtins.has(base) && !found.includes(base) && c('_PyType_IsSubtype', base, exceptionBase) !== 0,
      ),
    )
  }
  return found
}

function messageOf(api: Api, exception: number): string {
  const text = api.c('_PyObject_Str', exception)
  if (text !== 0) return api.toText(text)
  api.c('_PyErr_Clear')
  return '<str() of the exception failed>'
}

const derivesStr = 1 << 28 // Py_TPFLAGS_UNICODE_SUBCLASS, CPython Include/object.h

/** The first argument, where it is a text other than the message. */
function argumentOf(api: Api, exception: number, message: string): { argument?: string } {
  const [first] = api.itemsOf(api.c('_PyException_GetArgs', exception))
  if (first === undefined || !(api.c('_PyType_GetFlags', api.typeOf(first)) & derivesStr)) return {}
  const argument = api.toText(first).slice(0, maxMessageLength)
  return argument === message ? {} : { argument }
}

interface Frame {
  line: number
  name: string
}

interface SourcePosition {
  line: number
  column?: number
  message: string
}

const number = (api: Api, object: number): number => (object === 0 ? 0 : api.c('_PyLong_AsLong', object))

/**
 * The program's frames, outermost first. Tracebacks, frames and code objects are C types, so a program cannot replace
 * their attributes.
 */
function framesOf(api: Api, exception: number): Frame[] {
  const frames: Frame[] = []
  for (let trace = api.c('_PyException_GetTraceback', exception); trace !== 0; trace = nextOf(api, trace)) {
    const code = api.attribute(api.attribute(trace, 'tb_frame'), 'f_code')
    if (api.toText(api.attribute(code, 'co_filename')) === programFile)
      frames.push({
        line: number(api, api.attribute(trace, 'tb_lineno')),
        name: api.toText(api.attribute(code, 'co_name')),
      })
  }
  return frames
}

function nextOf(api: Api, trace: number): number {
  const next = api.attribute(trace, 'tb_next')
  return next === Number(api.module['__Py_NoneStruct']) ? 0 : next
}

function syntaxPosition(api: Api, exception: number): SourcePosition | undefined {
  const none = Number(api.module['__Py_NoneStruct'])
  const field = (name: string): number | undefined => {
    const value = api.attribute(exception, name)
    return value === 0 || value === none ? undefined : value
  }
  const [file, line, column, message] = [field('filename'), field('lineno'), field('offset'), field('msg')]
  // A SyntaxError from text that the program compiled itself refers to a line of that text.
  if (file === undefined || line === undefined || message === undefined || messageOf(api, file) !== programFile)
    return undefined
  return {
    line: number(api, line),
    message: api.toText(message),
    ...(column === undefined ? {} : { column: number(api, column) }),
  }
}

/** None is 0, an int is itself, anything else is printed with exit code 1 (Python's sys.exit). */
function exitCode(api: Api, exception: number): number | string | null {
  const code = api.attribute(exception, 'code')
  if (code === 0 || code === Number(api.module['__Py_NoneStruct'])) return 0
  if (api.c('_PyType_GetFlags', api.typeOf(code)) & (1 << 24)) return number(api, code)
  return messageOf(api, code)
}

function tracebackText(
  frames: readonly Frame[],
  lines: readonly string[],
  place: SourcePosition | undefined,
  name: string,
  message: string,
): string {
  const shown =
    frames.length > keptFrames
      ? [...frames.slice(0, keptFrames / 2), undefined, ...frames.slice(-keptFrames / 2)]
      : frames
  const text = shown.map(frame =>
    frame === undefined
      ? `  [${frames.length - keptFrames} more frames]`
      : `  File "${programFile}", line ${frame.line}, in ${frame.name}\n    ${(lines[frame.line - 1] ?? '').trim()}`,
  )
  if (place !== undefined)
    text.push(`  File "${programFile}", line ${place.line}\n    ${(lines[place.line - 1] ?? '').trim()}`)
  return [
    ...(frames.length > 0 ? ['Traceback (most recent call last):'] : []),
    ...text,
    message === '' ? name : `${name}: ${message}`,
  ].join('\n')
}
