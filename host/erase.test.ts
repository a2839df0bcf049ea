import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { signToken } from '../api/tokens.ts'
import { makeMigratedFolder } from '../platform/drivers/embedded/test-engine.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { dataPaths, readSecret, takeDataFolder, tokenFile } from '../platform/owner/data-folder.ts'
import { deadLetterQueue } from '../schemas/topics.ts'
import { type Platform, startPlatform } from './assemble.ts'
import { tidy } from './janitor.ts'

const [learner, author, code] = ['canary-learner', 'canary-author', 'canary_in_the_code']

async function openPlatform(folder: string): Promise<{ platform: Platform; config: Config } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack()
  const data = stack.use(await takeDataFolder(folder))
  const flags = {
    LEARNFLOW_HTTP_PORT: 0,
    LEARNFLOW_DATA_DIR: folder,
    LEARNFLOW_LOG_LEVEL: 'silent',
    LEARNFLOW_SANDBOX_PROCESSES: 1,
  } as const
  const config = readConfig(flags, {}, folder)
  const platform = stack.use(
    await startPlatform(config, data, { version: '0.0.0', onBroken: error => expect.fail(error.message) }),
  )
  const open = stack.move()
  return { platform, config, [Symbol.asyncDispose]: async () => open.disposeAsync() }
}

/** The files that hold one of the canaries, in plain bytes. */
async function filesWithCanaries(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
  const found: string[] = []
  for (const { parentPath, name } of files) {
    const bytes = await readFile(join(parentPath, name))
    const held = ['canary-', code].filter(word => bytes.includes(word) || name.includes(word))
    found.push(...held.map(word => `${join(parentPath, name).slice(folder.length)}: ${word}`))
  }
  return found
}

test('of the erased no byte is left in the data folder once the janitor has been there, and the others keep theirs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-erase-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  await makeMigratedFolder(join(folder, 'pg'))
  await using open = await openPlatform(folder)
  const { platform, config } = open
  const secret = await readSecret(folder)
  const call = async (token: object & { student: string }, method: string, path: string, body?: object) =>
    fetch(new URL(`/api/v1/${path}`, platform.url), {
      method,
      headers: {
        authorization: `Bearer ${signToken(secret, 'learnflow', token)}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
        prefer: 'wait=25',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const teacher = { student: author, role: 'teacher', classes: ['c1'] } as const
  const operator = { student: 'oda', role: 'operator' } as const
  expect((await call(operator, 'PUT', `classes/c1/students/${learner}`)).status).toBe(201)
  expect((await call(teacher, 'POST', 'assignments', { class_id: 'c1', exercise_id: 'square' })).status).toBe(201)
  await call(teacher, 'POST', 'classes/c1/invitations', {})
  const program = `# ${code}\ndef square(n):\n    return n * n\n`
  for (const student of [learner, 'ann'])
    expect(
      (
        await call({ student }, 'POST', 'submissions', {
          exercise_id: 'square',
          code: student === 'ann' ? program.replace(code, 'x') : program,
        })
      ).status,
    ).toBe(200)
  const exercise = {
    exercise_id: 'own',
    version: 1,
    owner: author,
    source: '{}',
    exercise: '{}',
    retired_at: new Date(),
  }
  await platform.ports.history.db.insertInto('exercise').values(exercise).execute()
  await platform.ports.log.publish(deadLetterQueue.name, [{ key: learner, value: `{"raw": "${code}"}` }])
  await mkdir(dataPaths(folder).tokens)
  await writeFile(join(dataPaths(folder).tokens, tokenFile(learner, 'student')), 'a token')
  await writeFile(dataPaths(folder).log, `{"lane":"${learner}"}\n{"lane":"other-${learner}"}\n`)
  expect((await filesWithCanaries(folder)).length).toBeGreaterThan(3)
  for (const student of [learner, author])
    expect((await call({ student }, 'DELETE', `students/${student}`)).status).toBe(200)
  await tidy({ ...platform.ports, config, reclaims: true })
  const { rows } = { rows: await platform.ports.history.db.selectFrom('grade').select('student_id').execute() }
  expect(rows).toEqual([{ student_id: 'ann' }])
  const kept = await platform.ports.history.db.selectFrom('exercise').select('owner').execute()
  expect(kept).toEqual([{ owner: expect.stringMatching(/^erased:[0-9a-f]{32}$/) }])
  await open[Symbol.asyncDispose]()
  expect(await readFile(dataPaths(folder).log, 'utf8')).toBe(
    `{"lane":"${'*'.repeat(learner.length)}"}\n{"lane":"other-${'*'.repeat(learner.length)}"}\n`,
  )
  expect(await filesWithCanaries(folder)).toEqual([])
})
