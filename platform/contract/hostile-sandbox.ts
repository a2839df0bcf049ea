import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../ports/sandbox.ts'
import { complaints, hostilePrograms, hostileThemes, innocent, runOf } from './hostile-programs.ts'
import type { Open } from './sandbox.ts'

/**
 * Runs every hostile program, each followed by a harmless one in the same process that must see a fresh interpreter.
 */
export function hostileContract(driver: string, open: Open): void {
  describe(`${driver}: hostile programs`, async () => {
    const secret = 'the secret of the host'
    let connections = 0
    const server = createServer(socket => {
      connections += 1
      socket.destroy()
    })
    let folder = ''
    let sandbox: Sandbox
    let clean: { stdout: string; stderr: string }
    beforeAll(async () => {
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      folder = await mkdtemp(join(tmpdir(), 'learnflow-'))
      await writeFile(join(folder, 'canary'), secret)
      sandbox = await open({ processes: 1 })
      const first = await sandbox.run({ code: innocent })
      expect(first).toMatchObject({ ended: 'ok', truncated: false })
      clean = first
    })
    afterAll(async () => {
      await sandbox[Symbol.asyncDispose]()
      server.close()
      await rm(folder, { recursive: true })
    })

    test.for(await hostileThemes())('%s', async theme => {
      const { port } = server.address() as { port: number }
      const canary = join(folder, 'canary')
      const failures: string[] = []
      for (const program of await hostilePrograms(theme, { PORT: String(port), CANARY: canary })) {
        const fail = (text: string): void => void failures.push(`${program.name}: ${text}`)
        const result = await sandbox.run(runOf(program))
        complaints(program, result).forEach(fail)
        if (JSON.stringify([result.stdout, result.stderr, result.error]).includes(secret)) fail('read the host')
        const { ended, stdout, stderr, error } = await sandbox.run({ code: innocent })
        if (ended !== 'ok' || stdout !== clean.stdout || stderr !== clean.stderr)
          fail(`spoiled the next run: ${error?.traceback ?? difference(clean.stdout, stdout)}`)
        if ((await readFile(canary, 'utf8')) !== secret) fail('changed the host')
      }
      expect(failures).toEqual([])
      expect(connections).toBe(0)
    })
  })
}

function difference(one: string, other: string): string {
  const lines = other.split('\n')
  return one
    .split('\n')
    .flatMap((line, at) => (line === lines[at] ? [] : [`${line} | ${lines[at]}`]))
    .join('\n')
    .slice(0, 500)
}
