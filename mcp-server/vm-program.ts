import { parentPort } from 'node:worker_threads'
import {
  type QuickJSContext,
  type QuickJSDeferredPromise,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten'
import * as z from 'zod'
import { type Code, codes } from '../platform/errors.ts'
import type { Work, Failure, FromProgram, ToProgram } from './code-runner-messages.ts'

export const say = (message: FromProgram): void => parentPort?.postMessage(message)

const text = z.string().optional().catch(undefined)
/** An Error of the program or any other thrown value, so no field is certain. */
const Thrown = z
  .object({ name: text.default('Error'), message: text.default(''), code: text, hint: text, stack: text })
  .catch(({ value }) => ({
    name: 'thrown',
    message: String(JSON.stringify(value)).slice(0, 200),
    code: undefined,
    hint: undefined,
    stack: undefined,
  }))

export class VmProgram {
  private readonly vm: QuickJSContext
  private readonly runtime: QuickJSRuntime
  private readonly work: Work
  private readonly open = new Map<number, QuickJSDeferredPromise>()
  /** Read before the program can replace them. */
  private readonly own: Record<'parse' | 'stringify' | 'buffer', QuickJSHandle>
  private calls = 0
  private answers = 0
  private result: QuickJSHandle | undefined

  constructor(runtime: QuickJSRuntime, work: Work) {
    this.runtime = runtime
    this.work = work
    this.vm = runtime.newContext()
    const json = this.vm.getProp(this.vm.global, 'JSON')
    const buffer = this.vm.unwrapResult(this.vm.evalCode('length => void new ArrayBuffer(length)'))
    this.own = { parse: this.vm.getProp(json, 'parse'), stringify: this.vm.getProp(json, 'stringify'), buffer }
    const lf = this.vm.newObject()
    for (const tool of ['read', 'change'] as const) this.vm.setProp(lf, tool, this.operation(tool))
    this.vm.setProp(this.vm.global, 'lf', lf)
  }

  begin(): void {
    const begun = this.vm.evalCode(`(async () => {\n${this.work.code}\n})()`, 'program.js')
    if (begun.error !== undefined) return this.fail(begun.error)
    this.result = begun.value
    this.goOn()
  }

  take(answer: ToProgram): void {
    const promise = this.open.get(answer.id)
    if (promise === undefined) return
    this.open.delete(answer.id)
    this.answers += 1
    if ('text' in answer) this.resolve(promise, answer.text)
    else promise.reject(this.errorOf(answer.failure))
    this.goOn()
  }

  private operation(tool: 'read' | 'change'): QuickJSHandle {
    return this.vm.newFunction(tool, (op, args) => {
      const promise = this.vm.newPromise()
      this.calls += 1
      if (this.calls > this.work.calls) {
        promise.reject(
          this.errorOf({
            message: `a program may call ${this.work.calls} operations`,
            code: 'INVALID_INPUT',
            hint: 'Split the program.',
          }),
        )
        return promise.handle
      }
      this.open.set(this.calls, promise)
      say({
        is: 'calls',
        id: this.calls,
        tool,
        op: String(this.vm.dump(op)),
        args: args === undefined ? {} : this.vm.dump(args),
      })
      return promise.handle
    })
  }

  private resolve(promise: QuickJSDeferredPromise, answer: string): void {
    // The engine does not check for free memory when it copies a string from the host, so the check is made here.
    const room = this.vm.callFunction(
      this.own.buffer,
      this.vm.undefined,
      this.vm.newNumber(Buffer.byteLength(answer) + 1),
    )
    if (room.error !== undefined) return promise.reject(room.error)
    const text = this.vm.newString(answer)
    const parsed = this.vm.callFunction(this.own.parse, this.vm.undefined, text)
    text.dispose()
    if (parsed.error !== undefined) return promise.reject(parsed.error)
    promise.resolve(parsed.value)
    parsed.value.dispose()
  }

  /** Runs the program until it waits for an operation or has ended. */
  private goOn(): void {
    const ran = this.runtime.executePendingJobs()
    if (ran.error !== undefined) return this.fail(ran.error)
    if (this.result === undefined) return
    const state = this.vm.getPromiseState(this.result)
    if (state.type === 'rejected') return this.fail(state.error)
    if (state.type === 'fulfilled') return this.end(state.value)
    if (this.open.size > 0) return say({ is: 'waits', answers: this.answers })
    // Without memory for a continuation, the engine may drop it silently.
    const hint = `Await only lf.read and lf.change, and hold less than ${this.megabytes} MB.`
    say({ is: 'failed', failure: { message: 'the program waits for what never comes', code: undefined, hint } })
  }

  private end(value: QuickJSHandle): void {
    const json = this.vm.callFunction(this.own.stringify, this.vm.undefined, value)
    if (json.error !== undefined) return this.fail(json.error)
    say({ is: 'done', text: this.vm.typeof(json.value) === 'string' ? this.vm.getString(json.value) : undefined })
  }

  /** A failure for the program: an Error with `code`, `hint` and the `data` that there is all the same. */
  private errorOf({ message, code = 'INTERNAL', hint = '', data }: Failure): QuickJSHandle {
    const handle = this.vm.newError({ name: 'Error', message })
    this.vm.setProp(handle, 'code', this.vm.newString(code))
    this.vm.setProp(handle, 'hint', this.vm.newString(hint))
    if (data !== undefined) {
      const parsed = this.vm.callFunction(this.own.parse, this.vm.undefined, this.vm.newString(data))
      if (parsed.error === undefined) this.vm.setProp(handle, 'data', parsed.value)
    }
    return handle
  }

  private fail(handle: QuickJSHandle): void {
    say({ is: 'failed', failure: this.failureOf(this.vm.dump(handle)) })
  }

  /** What the program threw; a failure of an operation that it did not catch keeps its code and hint. */
  private failureOf(thrown: unknown): Failure {
    // When memory is too short even for an Error, the engine throws null or cannot return what it threw.
    if (thrown === null || thrown === '') return this.tooLarge(`threw ${JSON.stringify(thrown)}, or used`)
    const { name, message, code, hint, stack } = Thrown.parse(thrown)
    if (code !== undefined && Object.hasOwn(codes, code)) return { message, code: code as Code, hint }
    if (message === 'out of memory') return this.tooLarge('used')
    const line = /program\.js:(\d+)/.exec(stack ?? '')?.[1]
    const place = line === undefined ? '' : ` at line ${Number(line) - 1}`
    return {
      message: `the program failed${place}: ${name}: ${message}`,
      code: undefined,
      hint: 'It is the body of an async function; find tells args and data of an op.',
    }
  }

  private tooLarge(did: string): Failure {
    return {
      message: `the program ${did} more than ${this.megabytes} MB`,
      code: undefined,
      hint: 'Hold less at a time.',
    }
  }

  private get megabytes(): number {
    return this.work.bytes / 2 ** 20
  }
}
