import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { readConfig } from '../../platform/config.ts'
import { onEngines } from '../../platform/engines/test-local.ts'
import { openProbe } from '../../verify/check.ts'
import { expectAnswer, openScratchTree } from './test-scaffold.ts'

onEngines(() => {
  test('a new agent gets a process, a sidecar and its events on the target local, answers, and is removed', async () => {
    await using stack = new AsyncDisposableStack()
    const tree = stack.use(await openScratchTree())
    // PostgreSQL may have to run as another user, who must be able to reach its folder.
    await chmod(tree.folder, 0o711)
    const before = await tree.files()
    expect(await tree.scaffold()).toMatchObject({ changed: 4 })
    expect((await tree.node('bin/tools/generate.ts')).exitCode).toBe(0)

    const folder = join(tree.folder, 'data')
    const env = {
      LEARNFLOW_DRIVERS: 'dapr',
      LEARNFLOW_LOCAL_PORTS: '0',
      LEARNFLOW_LOG_LEVEL: 'warn',
      LEARNFLOW_SANDBOX_PROCESSES: '1',
      XDG_STATE_HOME: join(tree.folder, 'state'),
    }
    const learnflow = async (...args: string[]) =>
      execa(process.execPath, [join(tree.path, 'bin', 'learnflow.ts'), ...args, '--data', folder], {
        env,
        cwd: tree.folder,
        reject: false,
      })
    stack.defer(async () => void (await learnflow('down', '--grace-seconds', '5')))
    const up = await learnflow('up', '--target', 'local', '--port', '0', '--wait-seconds', '170')
    expect(up.exitCode, up.stderr).toBe(0)
    await expectAnswer(await openProbe(folder, readConfig()))
    const { agents } = JSON.parse((await learnflow('tutoring-agents', 'status', '--json')).stdout) as {
      agents: { name: string }[]
    }
    expect(agents.find(({ name }) => name === 'mentor')).toMatchObject({
      status: 'running',
      unit: 'processes',
      partitions: 12,
      lag: 0,
      waiting: 0,
      dead: 0,
    })
    expect((await learnflow('down', '--grace-seconds', '5')).exitCode).toBe(0)

    expect(await tree.scaffold({ undo: true })).toMatchObject({ changed: 4 })
    expect((await tree.node('bin/tools/generate.ts')).exitCode).toBe(0)
    expect(await tree.files()).toEqual(before)
  }, 400_000)
})
