import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { benches } from '../../bench/all.ts'
import { outages } from '../../verify/outages/all.ts'
import { type Requirement, requirements } from '../../verify/requirements.ts'
import { selectChecks } from '../../verify/run.ts'
import { wrongCommands } from './documented-commands.ts'

const root = join(import.meta.dirname, '..', '..')
const present = {
  checks: (await selectChecks([])).map(({ id }) => id),
  outages: outages.map(({ id }) => id),
  benches: Object.entries(benches).flatMap(([target, { all }]) => Object.keys(all).map(name => `${target}/${name}`)),
}

/**
 * The mistakes in a list of requirements: one that nothing proves, that names what does not exist, or that is out of
 * date.
 */
async function mistakesIn(list: readonly Requirement[]): Promise<string[]> {
  const mistakes: string[] = []
  for (const { id, unbuilt, tests = [], commands = [], ...one } of list) {
    const { checks = [], outages = [], benches = [] } = one
    const proofs = [...checks, ...outages, ...benches, ...tests, ...commands]
    if (unbuilt === undefined && proofs.length === 0) mistakes.push(`${id}: nothing proves it`)
    if (unbuilt !== undefined && proofs.length > 0) mistakes.push(`${id}: it is proven, and called unbuilt`)
    for (const [kind, names] of Object.entries({ checks, outages, benches }) as [keyof typeof present, string[]][])
      mistakes.push(...names.filter(name => !present[kind].includes(name)).map(name => `${id}: no ${name} in ${kind}`))
    mistakes.push(...tests.filter(file => !existsSync(join(root, file))).map(file => `${id}: no file ${file}`))
    const wrong = await Promise.all(commands.map(async command => wrongCommands(`learnflow ${command}`)))
    mistakes.push(...wrong.flat().map(told => `${id}: ${told}`))
  }
  for (const kind of ['checks', 'outages', 'benches'] as const) {
    const named = new Set(list.flatMap(one => one[kind] ?? []))
    mistakes.push(
      ...present[kind].filter(name => !named.has(name)).map(name => `${name}: of ${kind}, for no requirement`),
    )
  }
  const ids = list.map(({ id }) => id)
  return [...mistakes, ...ids.filter((id, at) => ids.indexOf(id) !== at).map(id => `${id}: there twice`)]
}

test('every requirement is proven by what exists, and everything that proves is for a requirement', async () => {
  expect(await mistakesIn(requirements)).toEqual([])
}, 60_000)

const base = { must: 'something holds' }
test.each<[string, Requirement, string]>([
  ['without a proof', { id: 'a', ...base }, 'a: nothing proves it'],
  ['with a check that is gone', { id: 'a', ...base, checks: ['grading.gone'] }, 'a: no grading.gone in checks'],
  ['with an outage that is gone', { id: 'a', ...base, outages: ['kafka.gone'] }, 'a: no kafka.gone in outages'],
  [
    'with a benchmark of another target',
    { id: 'a', ...base, benches: ['embedded/order'] },
    'a: no embedded/order in benches',
  ],
  ['with a test that is gone', { id: 'a', ...base, tests: ['verify/gone.test.ts'] }, 'a: no file verify/gone.test.ts'],
  ['with a command that is gone', { id: 'a', ...base, commands: ['tutor judge x'] }, 'a: no command tutor judge'],
  [
    'that is built by now',
    { id: 'a', ...base, checks: ['grading.once'], unbuilt: 'later' },
    'a: it is proven, and called unbuilt',
  ],
])(
  'a requirement %s is found out',
  async (_, one, told) => {
    expect(await mistakesIn([...requirements, one])).toEqual([told])
  },
  60_000,
)

test('a check that no requirement names is found out', async () => {
  expect(await mistakesIn(requirements.filter(({ id }) => id !== 'mastery.true'))).toEqual([
    'mastery.recomputed: of checks, for no requirement',
  ])
})
