import { join } from 'node:path'
import { execa } from 'execa'
import { conclude, type Counts } from './counts.ts'
import { suite } from './suites.ts'

// What takes too long for `npm test`: the slow suites, those on real engines where they are installed, every exercise, and the promise
// about killed platforms at full size.

const root = join(import.meta.dirname, '..')
const bank = join(root, 'agents', 'exercise', 'bank')

async function learnflow(...args: string[]): Promise<{ stdout: string; ok: boolean }> {
  const { stdout, failed } = await execa(process.execPath, [join(root, 'bin', 'learnflow.ts'), ...args], { reject: false, stderr: 'inherit', cwd: root })
  return { stdout, ok: !failed }
}

/** Reference, alternatives, mistakes and mutants of every exercise. */
async function exercises(): Promise<Counts> {
  const { stdout, ok } = await learnflow('tutor', 'check', bank, '--json')
  const { mutants, problems } = JSON.parse(stdout) as { mutants: { made: number; caught: number }; problems: unknown[] }
  console.log(`${ok ? 'ok    ' : 'FAIL  '} exercise bank: ${mutants.caught} of ${mutants.made} mutants caught, ${problems.length} problems`)
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
}

async function benchmark(name: string): Promise<Counts> {
  const { stdout, ok } = await learnflow('bench', name)
  console.log(stdout)
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
}

const parts: Counts[] = [await suite('slow'), await suite('local'), await exercises()]
parts.push(await benchmark('effects'))
conclude(parts)
