import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'

const guard = join(import.meta.dirname, 'stall-guard.ts')
const run = async (body: string) =>
  execa(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { startStallGuard } from ${JSON.stringify(guard)}; startStallGuard(0.6); ${body}`,
    ],
    {
      reject: false,
      timeout: 60_000,
    },
  )

test('a process with a blocked event loop is killed and reports it', async () => {
  const { signal, stderr } = await run('setTimeout(() => { for (;;); }, 100)')
  expect(signal).toBe('SIGKILL')
  expect(stderr).toContain('stood still for 0.6 s')
})

test('an idle process is not killed, and the guard does not keep it alive', async () => {
  const { exitCode, stderr } = await run('setTimeout(() => {}, 950)')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
})
