import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { dataPaths } from './data-folder.ts'
import { PlatformError } from '../errors.ts'
import { callOwner, openControlSocket, type ControlHandler } from './control-socket.ts'

const request = (op: string, args: unknown = {}) => ({ op, args, dry_run: false })

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-operator-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  return folder
}

async function openDoor(handle: ControlHandler): Promise<string> {
  const folder = await freshFolder()
  const door = await openControlSocket(folder, handle)
  onTestFinished(async () => door[Symbol.asyncDispose]())
  return folder
}

test('a request runs in the owner: its progress arrives in order, then its result', async () => {
  const folder = await openDoor(async ({ op, args, dry_run }, progress) => {
    for (const line of ['one', 'two — 学生']) progress(line)
    return { op, args, dry_run }
  })
  const lines: string[] = []
  const answer = await callOwner(
    folder,
    { ...request('kafka-topics/create', { text: 'a\nb"' }), dry_run: true },
    line => lines.push(line),
  )
  expect(answer).toEqual({ result: { op: 'kafka-topics/create', args: { text: 'a\nb"' }, dry_run: true } })
  expect(lines).toEqual(['one', 'two — 学生'])
})

test('an operation without a result answers null, and one with a long result answers all of it', async () => {
  const folder = await openDoor(async ({ op }) => (op === 'long' ? 'é'.repeat(1_000_000) : undefined))
  expect(await callOwner(folder, request('none'), () => {})).toEqual({ result: null })
  expect(await callOwner(folder, request('long'), () => {})).toEqual({ result: 'é'.repeat(1_000_000) })
})

test('text with U+2028 and U+2029, which readline takes for line ends, arrives unchanged both ways', async () => {
  const text = 'a\u2028b\u2029c\r\nd\u0085e'
  const folder = await openDoor(async ({ args }, progress) => (progress(text), args))
  const lines: string[] = []
  expect(await callOwner(folder, request('echo', { text }), line => lines.push(line))).toEqual({ result: { text } })
  expect(lines).toEqual([text])
})

test('many requests at once each get their own answer', async () => {
  const folder = await openDoor(async ({ args }) => args)
  const answers = await Promise.all(
    Array.from({ length: 30 }, async (_, nr) => callOwner(folder, request('echo', nr), () => {})),
  )
  expect(answers).toEqual(Array.from({ length: 30 }, (_, nr) => ({ result: nr })))
})

test('a failure arrives with its code and hint, a bug as INTERNAL', async () => {
  const folder = await openDoor(async ({ op }) => {
    if (op === 'bug') throw new TypeError('x is not a function')
    throw new PlatformError('AGENT_ABSENT', 'there is no agent review', { hint: 'learnflow status' })
  })
  const asked = callOwner(folder, request('known'), () => {})
  await expect(asked).rejects.toBeInstanceOf(PlatformError)
  await expect(asked).rejects.toMatchObject({
    code: 'AGENT_ABSENT',
    message: 'there is no agent review',
    hint: 'learnflow status',
  })
  await expect(callOwner(folder, request('bug'), () => {})).rejects.toMatchObject({
    code: 'INTERNAL',
    message: 'x is not a function',
  })
})

test('anything but a request is INVALID_INPUT', async () => {
  const folder = await openDoor(async () => 'never')
  const socket = connect(dataPaths(folder).socket)
  socket.write('GET / HTTP/1.1\n')
  expect(JSON.parse(await text(socket))).toMatchObject({ failure: { code: 'INVALID_INPUT' } })
})

test('the socket is accessible to its owner only, and is removed when it is closed', async () => {
  const folder = await freshFolder()
  const door = await openControlSocket(folder, async () => 'here')
  expect((await stat(dataPaths(folder).socket)).mode & 0o777).toBe(0o600)
  await door[Symbol.asyncDispose]()
  expect(await callOwner(folder, request('status'), () => {})).toBeUndefined()
})

test('an owner that is killed in the middle is DEPENDENCY_DOWN for the caller', async () => {
  const folder = await freshFolder()
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'fixture', 'owner.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void owner.kill('SIGKILL'))
  await once(owner.stdout, 'data')
  const asked = callOwner(folder, request('wait'), line => {
    expect(line).toBe('working')
    owner.kill('SIGKILL')
  })
  await expect(asked).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
})

test('a caller that disconnects aborts the signal of its operation', async () => {
  const hungUp = Promise.withResolvers<void>()
  const folder = await openDoor(async (_request, progress, signal) => {
    signal.addEventListener('abort', () => hungUp.resolve())
    progress('started')
    return hungUp.promise
  })
  const calling = new AbortController()
  const asked = callOwner(folder, request('wait'), () => calling.abort(new Error('no longer')), calling.signal)
  await expect(asked).rejects.toThrow('no longer')
  await hungUp.promise
})
