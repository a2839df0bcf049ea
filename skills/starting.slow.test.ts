import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { openSupervisor } from '../platform/open.ts'
import { temporaryFolder } from '../verify/test-platform.ts'
import { runScript } from './registry.ts'

const place = await temporaryFolder()
const folder = join(place.path, 'data')
const config = readConfig({ LEARNFLOW_DATA_DIR: folder, LEARNFLOW_LOG_LEVEL: 'silent' }, {}, place.path)
afterAll(async () => place[Symbol.asyncDispose]())

test('while a platform starts every operation that needs one says so, and nobody is told to start it', async () => {
  // A program that never gets ready stands for a platform that is about to.
  await openSupervisor(folder).start('platform', ['-e', 'setInterval(() => {}, 1000)'])
  try {
    for (const op of ['tutoring/exercises', 'tutoring-agents/status', 'incident-triage/troubles', 'platform-up/status'])
      await expect(runScript(op, {}, { config }), op).rejects.toMatchObject({
        code: 'CHECK_FAILED',
        message: expect.stringMatching(/ is starting/),
      })
  } finally {
    await openSupervisor(folder).stop('platform', 1_000)
  }
  await expect(runScript('tutoring/exercises', {}, { config })).rejects.toMatchObject({ code: 'NOT_RUNNING' })
})
