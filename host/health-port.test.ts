import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { openEngine } from '../platform/drivers/embedded/test-engine.ts'
import { sharedSandbox } from '../platform/drivers/sandbox/test-sandbox.ts'
import { freePorts } from '../platform/engines/ports.ts'
import { openHealthPort } from './health-port.ts'

const ask = async (port: number, path: string) => {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: reply.status, text: await reply.text() }
}

test('it answers from before the work until the end, and says why nothing is taken', async () => {
  const [port = 0] = await freePorts(1)
  await using engine = await openEngine()
  await using health = await openHealthPort(readConfig({ LEARNFLOW_HEALTH_PORT: port }, {}, '/'), '1.2.3')
  expect(await ask(port, '/health/live')).toMatchObject({ status: 200, text: expect.stringContaining('1.2.3') })
  expect(await ask(port, '/health/ready')).toMatchObject({ status: 503 })
  health.waiting('Kafka does not answer')
  expect(await ask(port, '/health/ready')).toMatchObject({
    status: 503,
    text: expect.stringContaining('Kafka does not answer'),
  })
  health.working({ history: engine.history, sandbox: await sharedSandbox(), model: undefined })
  expect(await ask(port, '/health/ready')).toMatchObject({ status: 200, text: expect.stringContaining('"ready"') })
  expect(await ask(port, '/metrics')).toMatchObject({
    status: 200,
    text: expect.stringMatching(/learnflow_working 1\n[^]*learnflow_sandbox\{state="processes"\} \d/),
  })
  // `//` is no address of a host to us.
  for (const path of ['/nothing', '//', '//evil/health/live?x'])
    expect(await ask(port, path), path).toMatchObject({ status: 404 })
  health.draining()
  expect(await ask(port, '/health/ready')).toMatchObject({ status: 503, text: expect.stringContaining('draining') })
  expect(await ask(port, '/health/live')).toMatchObject({ status: 200 })
})

test('it is not ready while its history does not answer', async () => {
  const [port = 0] = await freePorts(1)
  const engine = await openEngine()
  await using health = await openHealthPort(readConfig({ LEARNFLOW_HEALTH_PORT: port }, {}, '/'), '1.2.3')
  health.working({ history: engine.history, sandbox: await sharedSandbox(), model: undefined })
  await engine.kill()
  expect(await ask(port, '/health/ready')).toMatchObject({ status: 503, text: expect.stringContaining('no answer') })
  await engine[Symbol.asyncDispose]()
})

test('a taken port is a failure with a name; without the setting there is none', async () => {
  await using taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  await expect(openHealthPort(readConfig({ LEARNFLOW_HEALTH_PORT: port }, {}, '/'), '1')).rejects.toMatchObject({
    code: 'PORT_IN_USE',
  })
  await using none = await openHealthPort(readConfig({}, {}, '/'), '1')
  expect(none.port).toBeUndefined()
})
