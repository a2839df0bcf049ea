import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { PlatformError } from '../platform/errors.ts'
import { runProgram } from './code-runner.ts'

const calls: [string, string, unknown][] = []
const call = async (tool: 'read' | 'change', op: string, args: unknown) => {
  calls.push([tool, op, args])
  if (op === 'fail') throw new PlatformError('DEPENDENCY_DOWN', 'no answer', { hint: 'wait' })
  return {
    summary: 'ok',
    data: { op, args, big: op === 'big' ? 'x'.repeat(80_000_000) : '' },
    changed: tool === 'change' ? 1 : 0,
    plan: [],
  }
}
const { signal } = new AbortController()
const run = async (code: string) => runProgram({ code, call, signal })

test('a program combines operations and returns a value', async () => {
  const { data, summary } = await run(
    'const all = await Promise.all([1, 2, 3].map(n => lf.read("a", { n }))); return all.map(({ args }) => args.n * 2)',
  )
  expect({ data, summary }).toEqual({ data: [2, 4, 6], summary: 'program ended, 3 calls' })
  expect((await run('await lf.change("b", {}); await lf.read("c")')).summary).toBe('program ended, 2 calls, 1 changed')
  expect((await run('')).data).toBeNull()
})

test('memory that is given back can be used again, also for large answers', async () => {
  const large = async () => ({ summary: '', data: 'x'.repeat(10_000_000), changed: 0, plan: [] })
  const code = 'let length = 0; for (let at = 0; at < 10; at += 1) length += (await lf.read("a")).length; return length'
  expect((await runProgram({ code, call: large, signal, computeMs: 60_000 })).data).toBe(100_000_000)
})

test('arguments and results are plain data: what goes in and out is copied', async () => {
  calls.length = 0
  await run(
    'const args = { list: [1, { deep: "x" }], f() {}, u: undefined }; const p = lf.read("a", args); args.list.push(2); await p',
  )
  expect(calls).toEqual([['read', 'a', { list: [1, { deep: 'x' }] }]])
  const { data } = await run(
    'const { args } = await lf.read("a", { toString: 1, __proto__: { polluted: true } }); return [({}).polluted ?? "clean", args.polluted ?? "clean"]',
  )
  expect(data).toEqual(['clean', 'clean'])
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('a failure of an operation can be caught, and keeps its code when it is not', async () => {
  expect((await run('try { await lf.read("fail") } catch (e) { return [e.code, e.message, e.hint] }')).data).toEqual([
    'DEPENDENCY_DOWN',
    'no answer',
    'wait',
  ])
  await expect(run('await lf.read("fail")')).rejects.toMatchObject({
    code: 'DEPENDENCY_DOWN',
    message: 'no answer',
    hint: 'wait',
  })
})

test.each<[string, RegExp]>([
  ['for (;;);', /more than 1 s/],
  ['const f = () => Promise.resolve().then(f); await f()', /more than (?:1 s|64 MB)|never comes/],
  ['await new Promise(() => {})', /never comes/],
  ['const a = []; for (;;) a.push("x".repeat(1e6) + a.length)', /more than 64 MB|more than 1 s/],
  ['const a = []; for (;;) { try { a.push("x".repeat(1e6)) } catch {} }', /more than 1 s/],
  // The engine checks the time only once in ten thousand steps, which here would take minutes.
  ['for (;;) "x".repeat(1e6)', /more than 1 s/],
  ['for (;;) await lf.read("a")', /may call 50/],
  ['for (;;) lf.read("a")', /more than (?:1 s|64 MB)/],
  ['new ArrayBuffer(100_000_000)', /more than 64 MB/],
  ['const f = n => f(n + 1) + 1; f(0)', /stack|InternalError/],
  ['for (let i = 0; i < 60; i++) await lf.read("a")', /may call 50/],
  ['throw new TypeError("mine")', /at line 1: TypeError: mine/],
  ['\n\nnope()', /at line 3: ReferenceError/],
  ['return 1n', /BigInt|bigint/],
  ['const a = {}; a.a = a; return a', /circular/],
  ['return (', /SyntaxError/],
  ['throw null', /threw null/],
  ['throw 5', /thrown: 5/],
  ['throw { message: {}, hint: [], code: "NOT_FOUND", name: 1 }', /^$/],
  ['throw Object.assign(new Error("x"), { code: "toString" })', /Error: x/],
  ['await lf.read("big")', /out of memory|64 MB/],
  ['import("node:fs").then(() => 1); await import("node:fs")', /could not load module|failed/],
])('%s ends with a reason', async (code, reason) => {
  // A program that must not fail by the time limit gets enough time for a busy machine.
  const computeMs = reason.source.includes('1 s') ? 1_000 : 60_000
  await expect(runProgram({ code, call, signal, computeMs })).rejects.toMatchObject({
    code: expect.stringMatching(/INVALID_INPUT|NOT_FOUND/),
    message: expect.stringMatching(reason),
  })
})

test('what a program waits for does not count as computing', async () => {
  const slowly = async () => (await sleep(2_000), { summary: '', data: 1, changed: 0, plan: [] })
  const { data } = await runProgram({
    code: 'return await lf.read("a") + await lf.read("b")',
    call: slowly,
    signal,
    computeMs: 3_000,
  })
  expect(data).toBe(2)
})

test('a program reaches nothing of this process', async () => {
  const code = `
    const own = Object.getOwnPropertyNames(globalThis)
    const names = ['process', 'require', 'module', 'fetch', 'Buffer', 'setTimeout', 'WebAssembly', 'Deno', 'std', 'os', 'print', 'console', 'performance']
    const reached = names.filter(name => own.includes(name))
    const viaFunction = lf.read.constructor('return typeof process')()
    const viaPromise = lf.read('a').constructor === Promise
    const viaError = await lf.read('fail').catch(e => e.constructor === Error && e.constructor.constructor('return typeof require')())
    return { reached, viaFunction, viaPromise, viaError, lf: Object.keys(lf) }`
  expect((await run(code)).data).toEqual({
    reached: [],
    viaFunction: 'undefined',
    viaPromise: true,
    viaError: 'undefined',
    lf: ['read', 'change'],
  })
})

test('a program that replaces what the host uses harms only itself', async () => {
  const code =
    'JSON.parse = () => "mine"; Promise.prototype.then = Promise.prototype.then; Array.prototype.map = null; return (await lf.read("a")).op'
  expect((await run(code)).data).toBe('a')
  expect((await run('JSON.stringify = () => "not json"; return 1')).data).toBe(1)
  expect((await run('return { toJSON: () => "mine" }')).data).toBe('mine')
})

test.each(['await lf.read("a")', 'for (;;);'])('%s is stopped by its signal', async code => {
  const stop = new AbortController()
  const running = runProgram({ code, call: async () => new Promise(() => {}), signal: stop.signal })
  setTimeout(() => stop.abort(), 500)
  await expect(running).rejects.toThrow(/stopped/)
  await expect(runProgram({ code, call, signal: AbortSignal.abort() })).rejects.toThrow(/stopped/)
})
