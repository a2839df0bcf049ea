import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { quizAnswered } from '../../schemas/events.ts'
import { generatedFolder } from '../../schemas/generated.ts'
import { readConfig } from '../../platform/config.ts'
import type { ScriptResult } from '../definition.ts'
import { runScript } from '../registry.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-event-schemas-'))
})
afterAll(async () => rm(folder, { recursive: true }))

const event = quizAnswered.of(
  's1',
  { quiz_id: 'loops', module: 'control-flow', score: 1 },
  { key: ['q'], source: '/api' },
)

async function run(script: string, input: object, dryRun = false): Promise<ScriptResult> {
  return runScript(`event-schemas/${script}`, input, {
    config: readConfig({ LEARNFLOW_DATA_DIR: join(folder, 'data') }, {}, folder),
    dryRun,
  })
}

/** Validates a file with this text; returns the failure's message when it is not valid. */
async function verdictOf(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return run('validate', { file }).then(
    ({ summary }) => summary,
    (error: unknown) => (error as Error).message,
  )
}

test('generate writes what is missing or stale, announces it in a dry run, and changes nothing again', async () => {
  const to = join(folder, 'out')
  const planned = await run('generate', { to }, true)
  expect(planned.plan).toContain(`write ${join(to, 'avro/events/quiz.answered.avsc')}`)
  expect((await run('generate', { to })).changed).toBe(planned.changed)
  await writeFile(join(to, 'avro/topic.avsc'), 'stale')
  expect((await run('generate', { to })).data).toMatchObject({ written: [join(to, 'avro/topic.avsc')], removed: [] })
  expect(await run('generate', { to })).toMatchObject({
    changed: 0,
    summary: expect.stringMatching(/^unchanged/) as unknown,
  })
  expect(await readFile(join(to, 'avro/topic.avsc'), 'utf8')).toBe(
    await readFile(join(generatedFolder, 'avro/topic.avsc'), 'utf8'),
  )
})

test('check passes against the baseline and names the event and field of a planted break', async () => {
  expect((await run('check', {})).summary).toMatch(/^11 event types, \d+ changes since the baseline, none breaking$/)
  const to = join(folder, 'older')
  await run('generate', { to })
  const file = join(to, 'json-schema/events/quiz.answered.json')
  const older = JSON.parse(await readFile(file, 'utf8')) as {
    properties: { data: { properties: Record<string, unknown> } }
  }
  older.properties.data.properties['weight'] = { type: 'number' }
  await writeFile(file, JSON.stringify(older))
  await expect(run('check', { baseline: to })).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    message: '1 breaking change of event schemas\nquiz.answered/data.weight removed',
  })
  await expect(run('check', { baseline: join(folder, 'nothing') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a valid event, its lines and an exercise are called valid', async () => {
  expect(await verdictOf('good.json', JSON.stringify(event))).toBe('good.json: 1 valid event')
  expect(await verdictOf('good.jsonl', `${JSON.stringify(event)}\n${JSON.stringify(event)}\n`)).toBe(
    'good.jsonl: 2 valid events',
  )
  const exercise =
    'id: one\ntitle: One\nversion: 1\nmodule: basics\nlevel: easy\nkind: function\nconcepts: [a]\nstatement: Do\nreference: x = 1\ntests: [{ call: f(), expect: "1" }]\n'
  expect(await verdictOf('good.yaml', exercise)).toBe('good.yaml: 1 valid exercise')
  expect(await verdictOf('bad.yaml', `${exercise}colour: red\n`.replace('level: easy', 'level: huge'))).toBe(
    'bad.yaml: 2 mistakes\n5:8: level: Invalid option: expected one of "easy"|"medium"|"hard"\n11:1: unknown key colour',
  )
})

test('every mistake of an event is told with line, column and field', async () => {
  const wrong = { ...event, subject: 7, data: { ...event.data, score: 2 } }
  const lines = JSON.stringify(wrong, null, 2).split('\n')
  const place = (key: string): string => {
    const at = lines.findIndex(line => line.includes(`"${key}"`))
    return `${at + 1}:${(lines[at] ?? '').indexOf(': ') + 3}`
  }
  const verdict = await verdictOf('wrong.json', lines.join('\n'))
  expect(verdict.split('\n')).toEqual([
    'wrong.json: 2 mistakes',
    expect.stringMatching(`^${place('subject')}: subject: `) as unknown,
    expect.stringMatching(`^${place('score')}: data.score: `) as unknown,
  ])
  expect(await verdictOf('type.json', JSON.stringify({ ...event, type: 'quiz.unknown' }))).toMatch(
    /^type\.json: 1 mistake\n1:\d+: type: /,
  )
  expect(await verdictOf('broken.jsonl', `${JSON.stringify(event)}\n\n{"id":}\n`)).toMatch(
    /^broken\.jsonl: 1 mistake\n3:7: /,
  )
  expect(await verdictOf('empty.jsonl', '\n')).toMatch(/holds no event/)
})

test('many mistakes are counted, the first of them shown', async () => {
  const verdict = await verdictOf('many.jsonl', '{}\n'.repeat(500))
  expect(verdict.split('\n')).toHaveLength(6)
  expect(verdict).toMatch(/and 496 more$/)
})

test('a file of another kind and an absent one are wrong input', async () => {
  await expect(run('validate', { file: 'notes.txt' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(run('validate', { file: join(folder, 'absent.json') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
