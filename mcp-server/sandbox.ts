import { getQuickJS, type QuickJSContext, type QuickJSDeferredPromise, type QuickJSHandle } from 'quickjs-emscripten'
import * as z from 'zod'
import { type Code, codes, PlatformError } from '../platform/errors.ts'
import type { Outcome } from '../skills/definition.ts'

/** Computing time and memory of a program, and how many operations it may call. What it waits for does not count. */
const limits = { computeMs: 5_000, bytes: 64 * 2 ** 20, stackBytes: 128 * 2 ** 10, calls: 50 }

export interface Program {
  code: string
  /** Runs an operation; `data` is what the program gets. */
  call(tool: 'read' | 'change', op: string, args: unknown): Promise<Outcome>
  signal: AbortSignal
}

/**
 * Runs the body of an async JavaScript function in QuickJS, which knows nothing of this process: JSON goes in and out, and the only
 * functions it is given are `lf.read(op, args)` and `lf.change(op, args)`.
 * @throws INVALID_INPUT when the program fails or goes over a limit; what an operation threw when the program did not catch it.
 */
export async function runProgram({ code, call, signal }: Program): Promise<Outcome> {
  const runtime = (await getQuickJS()).newRuntime()
  runtime.setMemoryLimit(limits.bytes)
  runtime.setMaxStackSize(limits.stackBytes)
  const clock = stopwatch()
  runtime.setInterruptHandler(() => signal.aborted || clock.spent() > limits.computeMs)
  const vm = runtime.newContext()
  const stringify = vm.getProp(vm.getProp(vm.global, 'JSON'), 'stringify')
  const calls: Calls = { made: 0, open: 0, changed: 0 }
  let broken: PlatformError | undefined
  const during = <T>(act: () => T): T => clock.during(() => notTooDeep(act))
  /** Lets the program go on until it waits for an operation, or is done. */
  const pump = (): void => {
    const ran = during(() => runtime.executePendingJobs())
    if (ran.error !== undefined) broken ??= failureOf(vm, ran.error, clock)
  }
  addOperations(vm, calls, call, pump)
  const begun = during(() => vm.evalCode(`(async () => {\n${code}\n})()`, 'program.js'))
  if (begun.error !== undefined) throw failureOf(vm, begun.error, clock)
  const settled = vm.resolvePromise(begun.value)
  pump()
  const result = await ended(settled, () => {
    if (signal.aborted) return new PlatformError('INVALID_INPUT', 'the program was stopped', { hint: 'Run it again.' })
    if (broken !== undefined || calls.open > 0) return broken
    return new PlatformError('INVALID_INPUT', 'the program waits for what never comes', { hint: 'Await only lf.read and lf.change.' })
  })
  if (result.error !== undefined) throw failureOf(vm, result.error, clock)
  const text = during(() => vm.callFunction(stringify, vm.undefined, result.value))
  if (text.error !== undefined) throw failureOf(vm, text.error, clock)
  const data: unknown = vm.typeof(text.value) === 'string' ? JSON.parse(vm.getString(text.value)) : null
  const changes = calls.changed === 0 ? '' : `, ${calls.changed} changed`
  return { summary: `program ended, ${calls.made} ${calls.made === 1 ? 'call' : 'calls'}${changes}`, data, changed: calls.changed, plan: [] }
}

interface Calls {
  made: number
  open: number
  changed: number
}

/** The result, or why there will be none: `reason` is asked every 100 ms. */
async function ended<T>(settled: Promise<T>, reason: () => PlatformError | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const watch = setInterval(() => {
      const why = reason()
      if (why !== undefined) reject(why)
    }, 100)
    void settled.then(resolve, reject).finally(() => clearInterval(watch))
  })
}

/** A program that recurses may fill the stack of the host before its own. */
function notTooDeep<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new PlatformError('INVALID_INPUT', 'the program recursed too deeply', { hint: 'Use a loop.', cause })
  }
}

function stopwatch() {
  let spent = 0
  let since: number | undefined
  return {
    spent: () => spent + (since === undefined ? 0 : performance.now() - since),
    during<T>(act: () => T): T {
      const outer = since
      since ??= performance.now()
      try {
        return act()
      } finally {
        if (outer === undefined) {
          spent += performance.now() - (since ?? 0)
          since = undefined
        }
      }
    },
  }
}

function addOperations(vm: QuickJSContext, calls: Calls, call: Program['call'], pump: () => void): void {
  // Taken before the program could replace it.
  const parse = vm.getProp(vm.getProp(vm.global, 'JSON'), 'parse')
  const lf = vm.newObject()
  for (const tool of ['read', 'change'] as const) {
    const operation = vm.newFunction(tool, (op, args) => {
      const promise = vm.newPromise()
      void promise.settled.then(pump)
      calls.made += 1
      calls.open += 1
      void settle(promise, tool, String(vm.dump(op)), args === undefined ? {} : vm.dump(args))
      return promise.handle
    })
    vm.setProp(lf, tool, operation)
  }
  vm.setProp(vm.global, 'lf', lf)

  async function settle(promise: QuickJSDeferredPromise, ...call: Parameters<typeof answer>): Promise<void> {
    try {
      const text = vm.newString(JSON.stringify(await answer(...call)) ?? 'null')
      const parsed = vm.callFunction(parse, vm.undefined, text)
      text.dispose()
      if (parsed.error === undefined) promise.resolve(parsed.value)
      else promise.reject(parsed.error)
    } catch (error) {
      promise.reject(errorHandle(vm, error))
    }
    calls.open -= 1
  }

  async function answer(tool: 'read' | 'change', op: string, args: unknown): Promise<unknown> {
    if (calls.made > limits.calls) throw new PlatformError('INVALID_INPUT', `a program may call ${limits.calls} operations`, { hint: 'Split the program.' })
    const { data, changed } = await call(tool, op, args)
    calls.changed += changed
    return data
  }
}

/** A failure as the program sees it: an Error with `code` and `hint`. */
function errorHandle(vm: QuickJSContext, error: unknown): QuickJSHandle {
  const handle = vm.newError({ name: 'Error', message: error instanceof Error ? error.message : String(error) })
  const known = error instanceof PlatformError ? error : undefined
  vm.setProp(handle, 'code', vm.newString(known?.code ?? 'INTERNAL'))
  vm.setProp(handle, 'hint', vm.newString(known?.hint ?? 'This is a fault of ours.'))
  return handle
}

const tooLong = () =>
  new PlatformError('INVALID_INPUT', `the program computed for more than ${limits.computeMs / 1_000} s`, { hint: 'Do less in one program.' })

const tooLarge = (did = '') =>
  new PlatformError('INVALID_INPUT', `the program ${did === '' ? '' : `${did} `}used more than ${limits.bytes / 2 ** 20} MB`, { hint: 'Hold less at a time.' })

const text = z.string().optional().catch(undefined)
/** An Error of the program, or anything else that it threw: nothing about it is sure. */
const Thrown = z
  .object({ name: text.default('Error'), message: text.default(''), code: text, hint: text, stack: text })
  .catch(({ value }) => ({ name: 'thrown', message: String(JSON.stringify(value)).slice(0, 200), code: undefined, hint: undefined, stack: undefined }))

/** What the program threw; a failure of an operation that it let pass keeps its code and hint. */
function failureOf(vm: QuickJSContext, handle: QuickJSHandle, clock: { spent(): number }): PlatformError {
  if (clock.spent() > limits.computeMs) return tooLong()
  const thrown: unknown = vm.dump(handle)
  // Without memory even for an Error, the engine throws null.
  if (thrown === null) return tooLarge('threw null, or')
  const { name, message, code, hint, stack } = Thrown.parse(thrown)
  if (code !== undefined && Object.hasOwn(codes, code)) return new PlatformError(code as Code, message, { hint: hint ?? '' })
  if (message === 'out of memory') return tooLarge()
  const line = /program\.js:(\d+)/.exec(stack ?? '')?.[1]
  const place = line === undefined ? '' : ` at line ${Number(line) - 1}`
  return new PlatformError('INVALID_INPUT', `the program failed${place}: ${name}: ${message}`, {
    hint: 'It is the body of an async function; find tells args and data of an op.',
  })
}
