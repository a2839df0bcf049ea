import { getQuickJS, type QuickJSContext, type QuickJSDeferredPromise, type QuickJSHandle } from 'quickjs-emscripten'
import { type Code, codes, PlatformError } from '../platform/errors.ts'
import type { Outcome } from '../skills/definition.ts'

/** Computing time and memory of a program, and how many operations it may call. What it waits for does not count. */
const limits = { computeMs: 5_000, bytes: 64 * 2 ** 20, stackBytes: 512 * 2 ** 10, calls: 50 }

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
  const calls = { made: 0, open: 0, changed: 0, over: false }
  /** Lets the program go on until it waits for an operation, or is done. */
  const pump = (): void => clock.during(() => vm.runtime.executePendingJobs().dispose())
  addOperations(vm, calls, call, pump)
  const begun = clock.during(() =>
    vm.evalCode(`(async () => { const it = await (async () => {\n${code}\n})(); return JSON.stringify(it) ?? 'null' })()`, 'program.js'),
  )
  if (begun.error !== undefined) throw failureOf(vm, begun.error, clock)
  pump()
  const settled = vm.resolvePromise(begun.value)
  pump()
  const result = await new Promise<Awaited<typeof settled>>((resolve, reject) => {
    void settled.then(resolve, reject)
    // A program that waits for nothing that could come never ends.
    const watch = setInterval(() => {
      if (signal.aborted) reject(new PlatformError('INVALID_INPUT', 'the program was stopped', { hint: 'Run it again.' }))
      else if (clock.spent() > limits.computeMs) reject(tooLong())
      else if (calls.open === 0)
        reject(new PlatformError('INVALID_INPUT', 'the program waits for what never comes', { hint: 'Await only lf.read and lf.change.' }))
      else return
      clearInterval(watch)
    }, 100)
    void settled.finally(() => clearInterval(watch))
  })
  if (result.error !== undefined) throw failureOf(vm, result.error, clock)
  const text = vm.getString(result.value)
  const changes = calls.changed === 0 ? '' : `, ${calls.changed} changed`
  return { summary: `program ended, ${calls.made} ${calls.made === 1 ? 'call' : 'calls'}${changes}`, data: JSON.parse(text), changed: calls.changed, plan: [] }
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

function addOperations(vm: QuickJSContext, calls: { made: number; open: number; changed: number }, call: Program['call'], pump: () => void): void {
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

/** What the program threw; a failure of an operation that it let pass keeps its code and hint. */
function failureOf(vm: QuickJSContext, handle: QuickJSHandle, clock: { spent(): number }): PlatformError {
  if (clock.spent() > limits.computeMs) return tooLong()
  const thrown: unknown = vm.dump(handle)
  if (typeof thrown !== 'object' || thrown === null)
    return new PlatformError('INVALID_INPUT', `the program threw ${String(thrown).slice(0, 200)}`, { hint: 'Throw an Error.' })
  const { name = 'Error', message = '', code, hint, stack } = thrown as Record<string, string | undefined>
  if (code !== undefined && Object.hasOwn(codes, code)) return new PlatformError(code as Code, message, { hint: hint ?? '' })
  if (message === 'out of memory')
    return new PlatformError('INVALID_INPUT', `the program used more than ${limits.bytes / 2 ** 20} MB`, { hint: 'Hold less at a time.' })
  const line = /program\.js:(\d+)/.exec(stack ?? '')?.[1]
  const place = line === undefined ? '' : ` at line ${Number(line) - 1}`
  return new PlatformError('INVALID_INPUT', `the program failed${place}: ${name}: ${message}`, {
    hint: 'It is the body of an async function; find tells args and data of an op.',
  })
}
