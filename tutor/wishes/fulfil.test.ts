import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { openBank } from '../exercise/bank.ts'
import { fulfil, type Sources } from './fulfil.ts'
import { isDistinct, statementDistance } from './distinct.ts'
import { nearestTopics } from './nearest.ts'
import { readExerciseWish } from './read-wish.ts'
import { readTemplates, samplesOf, templateFolder } from './templates.ts'
import { fitsWish, topicsOf } from './topics-of.ts'

let sandbox: Sandbox
let folder: string
const bank = (await openBank()).list()
const { templates, faults } = await readTemplates()
const samples = await samplesOf(templates)
const sources = (change: Partial<Sources> = {}): Sources => ({
  bank,
  templates,
  given: [],
  had: new Set(),
  wished: new Set(),
  owner: 'tess',
  seed: '0',
  sandbox: () => sandbox,
  ...change,
})
beforeAll(async () => {
  sandbox = await sharedSandbox()
  folder = await mkdtemp(join(tmpdir(), 'learnflow-wishes-'))
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

test('a wish gives distinct, proven exercises on its topic, the same ones for the same seed', async () => {
  const wish = readExerciseWish('four easy exercises on list comprehensions')
  const { offers, refused } = await fulfil(wish, sources())
  expect(refused).toEqual([])
  expect(offers).toHaveLength(4)
  for (const { exercise, mutants } of offers) {
    expect(topicsOf(exercise).on).toContain('list-comprehensions')
    expect(exercise.level).toBe('easy')
    expect(mutants.caught).toBeGreaterThanOrEqual(0.95 * mutants.made)
    const others = offers.map(offer => offer.exercise).filter(other => other !== exercise)
    expect(await isDistinct(exercise, others, sandbox)).toBe(true)
  }
  const ids = offers.map(({ exercise }) => exercise.id)
  expect((await fulfil(wish, sources())).offers.map(({ exercise }) => exercise.id)).toEqual(ids)
  const given = offers.slice(0, 2).map(({ exercise }) => exercise)
  const rest = (await fulfil({ ...wish, count: 2 }, sources({ given }))).offers
  for (const { exercise } of rest) expect(await isDistinct(exercise, given, sandbox)).toBe(true)
})

test('a template that is broken, or whose exercise fails its proof, is refused and never shown', async () => {
  const file = 'pick-and-change.yaml'
  const text = await readFile(join(templateFolder, file), 'utf8')
  await writeFile(
    join(folder, 'wrong.yaml'),
    text.replace('> <<limit>>]\nalternatives', '> <<limit>> + 1]\nalternatives'),
  )
  await writeFile(join(folder, 'leaking.yaml'), text.replaceAll('names: off-by-one', 'names: off-by-one\n    more: 1'))
  await writeFile(join(folder, 'none.yaml'), 'id: none\n')
  await cp(join(templateFolder, file), join(folder, file))
  const read = await readTemplates(folder)
  expect(read.faults).toEqual([{ id: 'none.yaml', reason: expect.stringContaining('variants') }])
  const wish = readExerciseWish('two exercises on list comprehensions')
  const all = await fulfil(wish, sources({ bank: [], templates: read.templates }))
  expect(all.offers.map(({ template }) => template)).toEqual([file, file])
  const broken = read.templates.filter(({ name }) => name !== file)
  const { offers, refused } = await fulfil(wish, sources({ bank: [], templates: broken }))
  expect(offers).toEqual([])
  expect(refused.map(({ id }) => id).toSorted()).toEqual(['leaking.yaml', 'wrong.yaml'])
  expect(refused.find(({ id }) => id === 'wrong.yaml')?.reason).toContain('the reference gives')
})

test('an exercise of a template that was changed has another id', async () => {
  const text = await readFile(join(templateFolder, 'pick-and-change.yaml'), 'utf8')
  const own = await mkdtemp(join(folder, 'changed-'))
  const idOf = async (file: string) => {
    await writeFile(join(own, 'one.yaml'), file)
    const [template] = (await readTemplates(own)).templates
    return (await template?.draw('0', 'tess'))?.exercise.id
  }
  const id = await idOf(text)
  expect(id).toMatch(/-[0-9a-f]{8}$/)
  expect(await idOf(text)).toBe(id)
  expect(await idOf(`${text}# changed\n`)).not.toBe(id)
})

test('what must not be needed is in none of them', async () => {
  const wish = readExerciseWish('exercises on while loops, no functions')
  const fitting = [...bank, ...samples].filter(exercise => fitsWish(exercise, wish))
  expect(fitting.length).toBeGreaterThan(1)
  for (const { kind, reference } of fitting) expect([kind, reference.includes('def ')]).toEqual(['stdout', false])
})

test('nothing is offered for an unknown topic, and the nearest are named', async () => {
  const unknown = readExerciseWish('exercises on dictionary pointers and tupels of quantum')
  expect((await fulfil(unknown, sources())).offers).toEqual([])
  const typed = readExerciseWish('hard exercises on type hints')
  expect((await fulfil(typed, sources())).offers).toEqual([])
  expect(nearestTopics(typed, [...bank, ...samples]).length).toBeGreaterThan(0)
  const level = nearestTopics(readExerciseWish('hard exercises on sets'), [...bank, ...samples])[0]
  expect(level).toMatchObject({ title: 'Sets', levels: ['easy', 'medium'] })
})

test('every template is read, is on a topic, and tells more than one story', async () => {
  expect(faults).toEqual([])
  expect(samples).toHaveLength(templates.length)
  expect(templates.length).toBeGreaterThanOrEqual(30)
  for (const sample of samples) expect([sample.id, topicsOf(sample).on.size > 0]).toEqual([sample.id, true])
  for (const { name, draw } of templates) {
    const drawn = await Promise.all(Array.from({ length: 16 }, async (_, seed) => draw(String(seed), 'tess')))
    const stories = [...new Map(drawn.map(({ exercise }) => [exercise.title, exercise])).values()]
    const distances = stories.flatMap((one, at) => stories.slice(at + 1).map(other => statementDistance(one, other)))
    expect([name, stories.length >= 3]).toEqual([name, true])
    expect([name, Math.min(...distances) > (name === 'group-price.yaml' ? 0.1 : 0.3)]).toEqual([name, true])
  }
})

test('the main topics have exercises at more than one level', () => {
  const all = [...bank, ...samples]
  for (const topic of [
    'loops',
    'while loops',
    'conditionals',
    'strings',
    'lists',
    'list comprehensions',
    'dictionaries',
    'sets',
    'tuples',
    'functions',
    'recursion',
    'exceptions',
    'sorting',
    'classes',
    'files',
  ]) {
    const fitting = all.filter(exercise => fitsWish(exercise, readExerciseWish(topic)))
    expect([topic, new Set(fitting.map(({ level }) => level)).size >= 2]).toEqual([topic, true])
  }
})
