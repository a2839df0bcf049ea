import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const maxMs = 1_000
// The suites of contracts and the helpers of tests pause for their callers.
const files = globSync(['**/*.test.ts', '**/test-*.ts', 'platform/contract/*.ts'], {
  cwd: root,
  exclude: ['node_modules', 'dist', '.cache', '**/*.slow.test.ts', '**/*.local.test.ts', '**/test-*-local.ts'],
})

/** The pauses of a fixed time in a source, in ms: `await sleep(N)`, or a promise that a timer resolves. */
function pausesIn(source: string): number[] {
  const pauses = source.matchAll(/\bawait sleep\(([\d_]+)\b|\bsetTimeout\((?:resolve|done), ([\d_]+)\)/g)
  return Array.from(pauses, ([, slept, timed]) => Number((slept ?? timed ?? '').replaceAll('_', '')))
}

test('no unit test pauses for a second: it waits for what must come', () => {
  expect(files.length).toBeGreaterThan(80)
  const long = files.filter(file => pausesIn(readFileSync(join(root, file), 'utf8')).some(ms => ms >= maxMs))
  expect(long).toEqual([])
})

const [long, short] = ['2_000', '20']
test.each([
  [`await sleep(${long})`, [2_000]],
  [`await new Promise(resolve => setTimeout(resolve, ${long}))`, [2_000]],
  [`await sleep(${short})`, [20]],
  [`code: 'time.sleep(${long})'`, []],
  [`setTimeout(() => child.kill(), ${long})`, []],
])('in %s the pauses are found', (source, pauses) => {
  expect(pausesIn(source)).toEqual(pauses)
})
