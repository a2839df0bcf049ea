import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { conclude, counted, type Counts } from './counts.ts'
import { suite } from './suites.ts'

// The checks that take too long for `npm test`: the slow suites, those on real engines where they are installed, every
// exercise, and the promise about killed platforms at full size.

const root = join(import.meta.dirname, '..', '..')
const bank = join(root, 'exercises', 'bank')

async function learnflow(...args: string[]): Promise<{ stdout: string; ok: boolean }> {
  const { stdout, failed } = await execa(process.execPath, [join(root, 'bin', 'learnflow.ts'), ...args], {
    reject: false,
    stderr: 'inherit',
    cwd: root,
  })
  return { stdout, ok: !failed }
}

/** Checks reference, alternatives, mistakes and mutants of every exercise. */
async function exercises(): Promise<Counts> {
  const { stdout, ok } = await learnflow('tutor', 'check', bank, '--json')
  const { mutants, problems } = JSON.parse(stdout) as { mutants: { made: number; caught: number }; problems: unknown[] }
  const summary = `exercise bank: ${mutants.caught} of ${mutants.made} mutants caught, ${problems.length} problems`
  console.log(`${ok ? 'ok    ' : 'FAIL  '} ${summary}`)
  return counted(ok, summary)
}

async function benchmark(name: string): Promise<Counts> {
  const { stdout, ok } = await learnflow('bench', name)
  console.log(stdout)
  return counted(ok, `learnflow bench ${name}`)
}

/** Makes suites that were skipped for a missing engine fail where the engines are required. */
function demandEngines(counts: Counts): Counts {
  if (counts.skipped === 0) return counts
  return {
    ...counts,
    skipped: 0,
    failures: [
      ...counts.failures,
      `${counts.skipped} tests on real engines were skipped: .ci/engines obtains what is missing`,
    ],
  }
}

const { values: flags } = parseArgs({ options: { 'with-engines': { type: 'boolean', default: false } } })
const slow = await suite('slow')
const local = await suite('local')
const cluster = await suite('cluster')
// Side by side, because the students of the benchmark mostly wait for platforms that were killed.
const last = await Promise.all([exercises(), benchmark('effects')])
const engines = [local, cluster].map(counts => (flags['with-engines'] ? demandEngines(counts) : counts))
conclude([slow, ...engines, ...last])
