import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PythonResult, PythonRun } from '../ports/sandbox.ts'
import type { PythonValue } from '../ports/python-value.ts'

/**
 * A program that attacks the sandbox, and how it must end: `ends` lists the allowed endings, `type` is a built-in
 * exception among the bases of what it raised, `not` one that must not occur, `value` the result of `call` as kind and
 * text (of a container its length). A program that reaches what it must not prints PWNED. Files of `attacks/` hold
 * many, each after a line `#: name; ends: ok/raised; type: OSError`.
 */
export interface HostileProgram {
  name: string
  theme: string
  code: string
  wants: Readonly<Record<string, string>>
}

const keys = new Set(['ends', 'type', 'not', 'call', 'value', 'prints', 'stdin', 'line', 'cut'])
const folder = join(import.meta.dirname, 'attacks')

export async function hostileThemes(): Promise<string[]> {
  return (await readdir(folder)).filter(file => file.endsWith('.py')).map(file => file.slice(0, -3))
}

/** The programs of one theme; each key of `put` replaces `@KEY@` in them. */
export async function hostilePrograms(theme: string, put: Readonly<Record<string, string>>): Promise<HostileProgram[]> {
  const text = await readFile(join(folder, `${theme}.py`), 'utf8')
  const filled = text.replaceAll(/@([A-Z]+)@/g, (whole, key: string) => put[key] ?? whole)
  return filled
    .split(/^#: /m)
    .slice(1)
    .map(part => {
      const [header = '', ...lines] = part.split('\n')
      const [name = '', ...fields] = header.split('; ')
      const wants = Object.fromEntries(
        fields.map(field => [field.slice(0, field.indexOf(': ')), field.slice(field.indexOf(': ') + 2)]),
      )
      const unknown = Object.keys(wants).filter(key => !keys.has(key))
      if (unknown.length > 0 || wants['ends'] === undefined)
        throw new Error(`${theme}.py, ${name}: ${unknown.join() || 'no ends'}`)
      return { name, theme, code: lines.join('\n'), wants }
    })
}

/** The run for it, with a short limit for programs that only end there. */
export function runOf({ code, wants }: HostileProgram): PythonRun {
  const { call, stdin } = wants
  return {
    code,
    seconds: wants['ends']?.includes('timed_out') === true ? 0.6 : 20,
    ...(call === undefined ? {} : { calls: [{ call }] }),
    ...(stdin === undefined ? {} : { stdin }),
  }
}

/** The differences from the expected ending; empty when there are none. */
export function complaints({ wants }: HostileProgram, result: PythonResult): string[] {
  const told = result.calls[0] ?? result
  const value = 'value' in told ? told.value : undefined
  const bases = told.error?.mro ?? []
  const found = [
    [
      wants['ends']?.split('/').includes(told.ended) !== true,
      `ended ${told.ended}: ${told.error?.traceback.slice(-200) ?? ''}`,
    ],
    [told.stdout.includes('PWNED') || result.stderr.includes('PWNED'), `got through: ${told.stdout.slice(0, 200)}`],
    [
      wants['type'] !== undefined && told.error !== undefined && !bases.includes(wants['type']),
      `raised ${bases.join()}`,
    ],
    [wants['not'] !== undefined && bases.includes(wants['not']), `passed as ${bases.join()}`],
    [wants['prints'] !== undefined && !told.stdout.includes(wants['prints']), `printed ${told.stdout.slice(0, 200)}`],
    [
      wants['value'] !== undefined && told.ended === 'ok' && !shown(value).startsWith(wants['value']),
      `gave ${shown(value)}`,
    ],
    [wants['line'] !== undefined && String(told.error?.line) !== wants['line'], `line ${told.error?.line}`],
    [wants['cut'] !== undefined && !result.truncated, 'was not cut'],
    [told.stdout.length > 65_536, `kept ${told.stdout.length} characters`],
  ] as const
  return found.filter(([wrong]) => wrong).map(([, text]) => text)
}

function shown(value: PythonValue | undefined): string {
  if (value === undefined) return 'nothing'
  if ('value' in value) return `${value.kind} ${String(value.value)}`
  if ('items' in value) return `${value.kind} ${value.items.length}`
  if ('entries' in value) return `${value.kind} ${value.entries.length}`
  return value.kind === 'other' ? `other ${value.type}` : value.kind
}

/** Prints what there is beside the interpreter's memory, and needs the library. */
const outside = `\
import fcntl, colorsys, logging, os, sys, zlib
def show(folder):
    if folder == "/proc/self/fd":
        return print(os.listdir(folder))
    status = os.lstat(folder)
    print(folder, oct(status.st_mode), *status[1:], status.st_mtime_ns, os.access(folder, os.R_OK), os.access(folder, os.W_OK), os.access(folder, os.X_OK))
    if os.path.isdir(folder):
        for name in sorted(os.listdir(folder)):
            show(os.path.join(folder, name))
show("/")
made = os.open("made", os.O_CREAT | os.O_RDWR)
print(os.getcwd(), os.fstat(made).st_ino, os.pipe(), [os.readlink(f"/proc/self/fd/{fd}") for fd in range(made + 3)], os.statvfs("/"))
print([fcntl.fcntl(fd, fcntl.F_GETFL) for fd in range(3)], sorted(os.environ.items()), os.get_terminal_size.__name__)
print(zlib.crc32(open("/lib/python314.zip", "rb").read()), logging.__name__, colorsys.__name__)
`

/** What a program prints that can only see what another one changed beside the interpreter's memory. */
export const resident = `${outside}print(repr(sys.stdin.read()), len(sys.modules), sys.getrecursionlimit())
sys.stderr.write("to stderr\\n")
`

/** A harmless program that prints everything it can see of what others may have left behind. */
export const innocent = `
import asyncio, builtins, codecs, copyreg, decimal, gc, json, math, os, pickle, random, signal, sys, time, typing, warnings
print(len(vars(builtins)), len("abc"), open.__name__, eval("1 + 1"), hasattr(builtins, "PWNED"), hasattr(int, "PWNED"), (5).bit_length())
print(json.dumps({"a": [1, 2.5, None]}), math.sqrt(16), 0 <= random.random() < 1, random.Random(7).random(), pickle.loads(pickle.dumps([1])))
print(os.getcwd(), os.listdir("."), os.listdir("/tmp"), sorted(os.listdir("/home")), sorted(os.environ.items()), sys.argv)
print(sys.path, len(sys.meta_path), len(sys.path_hooks), sys.flags, sys.getrecursionlimit(), sys.get_int_max_str_digits(), sys.getswitchinterval())
print(len(sys.modules), [name for name, module in sorted(sys.modules.items()) if module is None], sys.gettrace(), sys.getprofile(), sys.monitoring.get_tool(0))
print(gc.isenabled(), gc.get_threshold(), len(gc.callbacks), len(warnings.filters), decimal.getcontext(), len(copyreg.dispatch_table))
print(sys.excepthook, sys.stdout.encoding, sys.stdout.errors, sys.stdout.fileno(), sys.stdout is sys.__stdout__, sys.stdin.fileno(), sys.stdin.closed)
print(asyncio._get_running_loop(), time.tzname, signal.getsignal(signal.SIGALRM), typing.List, codecs.lookup_error("strict").__name__)
try:
    print(repr(input()))
except EOFError as error:
    print(error)
class Fresh:
    pass
print([name for name in dir() if not name.startswith("__")][:5], __name__, os.stat("/lib/python314.zip").st_size)
${outside}sys.stderr.write("to stderr\\n")
`
