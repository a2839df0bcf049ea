import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { signToken } from '../../api/tokens.ts'
import { startPlatform } from '../../host/assemble.ts'
import { readConfig } from '../../platform/config.ts'
import { makeMigratedFolder } from '../../platform/drivers/embedded/test-engine.ts'
import { dataPaths, readSecret, takeDataFolder } from '../../platform/owner/data-folder.ts'
import { logSteps, onStep, type StepMessage, type StepName, stepNames } from '../../platform/steps.ts'
import { pointsOf } from './points.ts'

type Passed = StepMessage & { step: StepName }

test('a worker is killed at 20 steps on each engine', () => {
  expect([pointsOf('embedded').length, pointsOf('direct').length, pointsOf('dapr').length]).toEqual([20, 20, 20])
})

test('a submission passes every step of its engine, each once, in the order in which they are listed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-steps-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  await makeMigratedFolder(dataPaths(folder).database)
  await using data = await takeDataFolder(folder)
  const config = readConfig(
    {
      LEARNFLOW_HTTP_PORT: 0,
      LEARNFLOW_DATA_DIR: folder,
      LEARNFLOW_LOG_LEVEL: 'silent',
      LEARNFLOW_SANDBOX_PROCESSES: 1,
    },
    {},
    folder,
  )
  await using platform = await startPlatform(config, data, {
    version: '0.0.0',
    onBroken: error => expect.fail(error.message),
  })
  const secret = await readSecret(folder)
  const submit = async (student: string): Promise<string> => {
    const reply = await fetch(new URL('/api/v1/submissions', platform.url), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${signToken(secret, 'learnflow', { student })}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
        prefer: 'wait=25',
      },
      body: JSON.stringify({ exercise_id: 'square', code: 'def square(n):\n    return n * n\n' }),
    })
    const body = (await reply.json()) as { status: string; request_id: string }
    expect(body).toMatchObject({ status: 'done' })
    return body.request_id
  }
  const heard: Passed[] = []
  const logged: string[] = []
  const graded = (student: string): boolean =>
    heard.some(one => one.step === 'worker:finished' && one.student === student && one.consumer === 'exercise')
  const request = await (async () => {
    using listening = new DisposableStack()
    for (const step of stepNames) listening.use(onStep(step, message => heard.push({ ...message, step })))
    listening.use(logSteps(pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })))
    const id = await submit('ann')
    await submit('bob')
    await expect.poll(() => graded('ann') && graded('bob')).toBe(true)
    return id
  })()
  await submit('cleo')

  // One trace id joins the log lines of a submission, from the API through the relay to the worker.
  const lines = logged.map(line => JSON.parse(line) as { msg: string; trace_id?: string; request_id?: string })
  const ofRequest = lines.filter(line => line.request_id === request)
  expect(ofRequest.map(({ msg }) => msg)).toEqual(
    expect.arrayContaining(['api:accepted', 'relay:published', 'worker:claimed', 'outcome:committed']),
  )
  expect(new Set(ofRequest.map(line => line.trace_id)).size).toBe(1)

  const event = heard.find(one => one.step === 'worker:parsed' && one.request_id === request)?.event_id
  const own = heard.filter(
    one =>
      one.student === 'ann' &&
      (one.step === 'api:accepted' || one.event_id === event) &&
      (one.consumer === undefined || one.consumer === 'exercise'),
  )
  // The API, the relay, the delivery and the work run concurrently, so the order is fixed only within each of them.
  const listed = stepNames.filter(step => !/^(kafka|dapr):/.test(step))
  const parts = [
    ['api:accepted'],
    ['relay:read', 'relay:removed'],
    ['embedded:taken', 'embedded:handled'],
    ['worker:claimed', 'worker:finished'],
  ]
  const part = (steps: readonly StepName[], [first = '', last = first]: string[]) =>
    steps.slice(steps.indexOf(first as StepName), steps.indexOf(last as StepName) + 1)
  for (const [first = '', last = first] of parts) {
    const wanted = part(listed, [first, last])
    expect(own.map(one => one.step).filter(step => wanted.includes(step))).toEqual(wanted)
  }
  expect(parts.flatMap(ends => part(listed, ends))).toEqual(listed)
  expect(
    own.toSorted((one, other) => stepNames.indexOf(one.step) - stepNames.indexOf(other.step)).map(one => one.step),
  ).toEqual(listed)
  const at = (step: StepName): number => own.findIndex(one => one.step === step)
  expect(at('relay:read')).toBeLessThan(at('embedded:taken'))
  expect(at('worker:parsed')).toBeLessThan(at('worker:claimed'))
  expect(new Set(own.map(one => one.request_id))).toEqual(new Set([request]))
  expect(new Set(own.map(one => one.traceparent?.slice(3, 35))).size).toBe(1)
  // Steps of another engine, and of a submission after listening ended, are not reported.
  expect(heard.filter(({ step }) => /^(kafka|dapr):/.test(step))).toEqual([])
  expect(heard.filter(({ student }) => student === 'cleo')).toEqual([])
})
