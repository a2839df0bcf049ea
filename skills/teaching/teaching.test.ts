import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { refusalOf } from '../../api/client.ts'
import { secret, startStack, tokenFor } from '../../api/test-stack.ts'
import { readConfig } from '../../platform/config.ts'
import { dataPaths, writeRunning } from '../../platform/owner/data-folder.ts'
import { runScript } from '../registry.ts'

const stack = await startStack({ working: false })
const folder = await mkdtemp(join(tmpdir(), 'learnflow-teaching-'))
afterAll(async () => {
  await stack[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})
await writeFile(dataPaths(folder).secret, secret)
await writeRunning(folder, { pid: process.pid, url: stack.url, target: 'embedded', version: '0.0.0', started_at: '' })
const config = readConfig({ LEARNFLOW_DATA_DIR: folder }, {}, '/')
const { exercise_id } = stack.right
const operator = tokenFor('oda', 'operator')
for (const id of ['c1', 'c2'])
  await stack.call('POST', `/api/v1/classes/${id}/students`, { token: operator, body: { students: ['ann'] } })

/** Runs a script and gives its result with every line that it told. */
async function run(id: string, args: object, dryRun = false) {
  const lines: string[] = []
  return { ...(await runScript(id, args, { config, dryRun, line: text => lines.push(text) })), lines }
}
const handedIn = async (class_id?: string): Promise<string> =>
  (await stack.submit(tokenFor('ann'), { ...stack.right, ...(class_id === undefined ? {} : { class_id }) })).body
    .submission_id

test('an exercise is assigned once, moved, taken back and listed, and a dry run changes nothing', async () => {
  const due = '2020-01-31T12:00:00+01:00'
  const at = '2020-01-31T11:00:00.000Z'
  const given = { exercise: exercise_id, class: 'c1', teacher: 'tom' }
  expect(await run('teaching/assign', { ...given, due }, true)).toMatchObject({
    changed: 1,
    plan: [`assign ${exercise_id} to c1, due ${at}`],
  })
  expect((await run('teaching/assignments', { class: 'c1' })).lines).toEqual([])
  expect(await run('teaching/assign', { ...given, due })).toMatchObject({ changed: 1, data: { due: at } })
  expect(await run('teaching/assign', { ...given, due })).toMatchObject({
    changed: 0,
    summary: expect.stringMatching(/^unchanged: /),
  })
  expect(await run('teaching/assign', { ...given }, true)).toMatchObject({
    plan: [`assign ${exercise_id} to c1, no due time, before: due ${at}`],
  })
  await handedIn()
  expect((await run('teaching/assignments', { class: 'c1' })).lines).toEqual([
    `${exercise_id}  due ${at}  0 tried, 0 passed, 0 of them late`,
  ])
  expect((await run('tutoring/assignments', { student: 'ann' })).lines).toEqual([
    expect.stringMatching(new RegExp(`^1\\. ${exercise_id} \\(c1\\)  due `)),
  ])
  expect((await run('teaching/classes', {})).lines).toEqual([
    'c1  1 student  1 assignment',
    'c2  1 student  0 assignments',
  ])
  expect((await run('tutoring/submissions', { student: 'ann' })).lines).toEqual([expect.stringMatching(/late for c1$/)])
  expect((await run('teaching/grades', { class: 'c1' })).data).toEqual({
    class_id: 'c1',
    rows: 1,
    csv: expect.stringContaining(`\r\nann,${exercise_id},${at},0,,,,\r\n`),
  })
  expect(await run('teaching/assign', { ...given, undo: true }, true)).toMatchObject({ changed: 1 })
  expect(await run('teaching/assign', { ...given, undo: true })).toMatchObject({ changed: 1 })
  expect(await run('teaching/assign', { ...given, undo: true })).toMatchObject({ changed: 0 })
  expect((await run('teaching/assignments', { class: 'c1' })).lines).toEqual([])
  await expect(run('teaching/assign', { exercise: 'no-such', class: 'c1' }, true)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await expect(run('teaching/assign', { ...given, due: 'tomorrow' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

test('a comment is written once, read with the submission, and taken back by saying it with undo', async () => {
  const id = await handedIn('c1')
  const said = { id, class: 'c1', text: 'Why?\nTry again.', line: 1, teacher: 'tom' }
  expect(await run('teaching/comment', said, true)).toMatchObject({ changed: 1, data: null, plan: [expect.anything()] })
  expect((await run('tutoring/submission', { id, student: 'ann' })).summary).toBe(`${id} is queued`)
  expect(await run('teaching/comment', said)).toMatchObject({ changed: 1, data: { author: 'tom', line: 1 } })
  expect(await run('teaching/comment', said)).toMatchObject({
    changed: 0,
    summary: expect.stringMatching(/^unchanged: /),
  })
  expect((await run('tutoring/submission', { id, student: 'ann' })).summary).toBe(
    `${id} is queued\ntom, line 1: Why?\nTry again.`,
  )
  expect((await run('tutoring/submissions', { student: 'ann' })).lines[0]).toMatch(/ {2}1 comment$/)
  await expect(run('teaching/comment', { ...said, class: 'c2', teacher: 'una' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(await run('teaching/comment', { ...said, teacher: 'cole', undo: true })).toMatchObject({ changed: 0 })
  expect(await run('teaching/comment', { ...said, undo: true })).toMatchObject({ changed: 1 })
  expect(await run('teaching/comment', { ...said, undo: true })).toMatchObject({ changed: 0 })
  expect((await run('tutoring/submission', { id, student: 'ann' })).summary).toBe(`${id} is queued`)
})

test("a teacher's exercise is retired by that teacher or an operator, and by no other teacher", async () => {
  await stack.ports.history.db
    .insertInto('exercise')
    .values({
      exercise_id: 'of-tess',
      version: 1,
      owner: 'tess',
      source: '{}',
      exercise: JSON.stringify({ ...stack.bank.get(exercise_id), id: 'of-tess' }),
    })
    .execute()
  const retire = async (more: object, dryRun = false) =>
    run('tutoring/retire-exercise', { id: 'of-tess', ...more }, dryRun)
  for (const dryRun of [true, false])
    await expect(retire({ teacher: 'cole' }, dryRun)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await retire({}, true)).toMatchObject({ changed: 1 })
  expect(await retire({ teacher: 'tess' })).toMatchObject({ changed: 1 })
  expect(await retire({})).toMatchObject({ changed: 0 })
})

test('a student is taken out of a class by its teacher, once, and a dry run changes nothing', async () => {
  await run('rosters/import', { file: await listOf('eve'), class: 'c3' })
  const given = { student: 'eve', class: 'c3', teacher: 'tom' }
  const plan = ['take eve (pending) out of c3']
  expect(await run('rosters/remove', given, true)).toMatchObject({ changed: 1, plan })
  expect(await run('rosters/remove', given)).toMatchObject({ changed: 1, data: { status: 'none' } })
  expect(await run('rosters/remove', given)).toMatchObject({ changed: 0, summary: 'unchanged: eve is not in c3' })
  expect((await run('rosters/list', { class: 'c3' })).lines).toEqual([])
})

test('a platform that is older than the command is named as the cause', async () => {
  const none = { status: 404, headers: new Headers(), body: (await stack.call('GET', '/api/v9/none', {})).body }
  expect(refusalOf(none)).toMatchObject({
    code: 'NOT_RUNNING',
    message: expect.stringMatching(/older .*\/api\/v9\/none/),
  })
  const field = await stack.call('POST', '/api/v1/triage', { token: operator, body: { text: 'x', tone: 'kind' } })
  expect(refusalOf({ ...field, headers: new Headers() })).toMatchObject({
    code: 'NOT_RUNNING',
    hint: expect.stringContaining('learnflow up'),
  })
  const unknown = await stack.call('GET', '/api/v1/exercises/no-such-one', { token: operator })
  expect(refusalOf({ ...unknown, headers: new Headers() })).toMatchObject({ code: 'NOT_FOUND' })
})

async function listOf(...ids: string[]): Promise<string> {
  const file = join(folder, 'list.csv')
  await writeFile(file, `${ids.join('\n')}\n`)
  return file
}

test('exercises are wished in words, told one by one as they are proven, and assigned', async () => {
  const wished = { wish: 'two easy exercises on tuples', assign: 'c2', teacher: 'tom' }
  const dry = await run('teaching/wish', wished, true)
  expect(dry).toMatchObject({
    changed: 2,
    summary: 'dry run, would change 2: 2 proven easy exercises on Tuples, assigned to c2, no due time',
    plan: [expect.stringMatching(/^assign [\w-]+ to c2, no due time$/), expect.anything()],
  })
  const assigned = await run('teaching/wish', { ...wished, due: '2999-01-01T00:00:00Z' })
  const { exercises } = assigned.data as { exercises: { id: string; title: string; assignment: object }[] }
  expect(assigned).toMatchObject({ changed: 2, plan: exercises.map(({ id }) => expect.stringContaining(id)) })
  for (const { id, title } of exercises) expect(assigned.lines.join('\n')).toContain(`${id}  easy  ${title}`)
  expect(exercises).toMatchObject(
    [1, 2].map(() => ({ assignment: { class_id: 'c2', due: '2999-01-01T00:00:00.000Z' } })),
  )
  expect(await run('teaching/wish', { wish: 'exercises on pointers' })).toMatchObject({
    changed: 0,
    summary: expect.stringMatching(/^unchanged: none that is proven: no topic is called pointers; nearest: /),
    lines: [],
  })
})
