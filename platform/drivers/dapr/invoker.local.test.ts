import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { invokerContract, testApps } from '../../contract/invoker.ts'
import { ownSidecar } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
import { openApp } from './app.ts'
import { daprInvoker, serveMethods } from './invoker.ts'

onEngines(({ kafka, redis }) => {
  /** Two apps with a sidecar each: `test` answers, `caller` asks. */
  const open = async () => {
    await using stack = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'learnflow-names-'))
    stack.defer(async () => rm(folder, { recursive: true, force: true }))
    const names = join(folder, 'names.db')
    const [callee, caller] = [stack.use(await openApp(0)), stack.use(await openApp(0))]
    serveMethods(callee, testApps.test)
    for (const app of [callee, caller]) app.ready()
    // One after the other: of two that make the file of names at once, one may not be entered.
    const sidecar = async (appId: string, app: { port: number }) =>
      stack.use(await ownSidecar({ appId, appPort: app.port, kafka, redis, names }))
    await sidecar('test', callee)
    const asking = await sidecar('caller', caller)
    const invoker = daprInvoker(asking.httpPort)
    // A sidecar that is ready may not have registered its name yet.
    await vi.waitFor(async () => invoker.invoke('test', 'echo', 0, 5_000), { timeout: 60_000, interval: 100 })
    const owned = stack.move()
    return { invoker, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
  }
  invokerContract('Dapr', open)

  test('an app that is not there is DEPENDENCY_DOWN', async () => {
    await using opened = await open()
    await expect(opened.invoker.invoke('nobody', 'echo', {}, 5_000)).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
  })
})
