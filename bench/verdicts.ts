import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import * as z from 'zod'
import { root, temporaryFolder } from '../verify/test-platform.ts'
import { type BankProgram, bankPrograms } from './bank-programs.ts'
import { type Bench, tenth } from './bench.ts'

/** What is written below a program: nothing that changes its results, but time of computing and time that passes. */
const endings: readonly ((number: number) => string)[] = [
  number => `\n# ${number}\n`,
  number => `\nfor _step in range(1_000_000):\n    pass\n# ${number}\n`,
  number => `\nimport time as _time\n_time.sleep(0.45)\n# ${number}\n`,
  number => `\n_padding = [_at for _at in range(200_000)]\ndel _padding\n# ${number}\n`,
  number => `\nimport time as _time\n_until = _time.monotonic() + 0.2\n_time.sleep(0.2)\n# ${number}\n`,
]
const wanted = 1_000
const ways = [
  { name: 'one_process', processes: 1, busy: 0 },
  { name: 'two_processes', processes: 2, busy: 0 },
  { name: 'eight_processes', processes: 8, busy: 0 },
  { name: 'two_processes_beside_four_busy_ones', processes: 2, busy: 4 },
] as const

/**
 * Judges the solutions and the known mistakes of the bank, each with different endings, with one, two and eight
 * interpreter processes and beside other programs that use all cores.
 */
export const verdicts: Bench = {
  about:
    'verdicts of 1,000 right and 1,000 wrong programs with 1, 2 and 8 interpreter processes and under foreign load',
  async run(progress, quick) {
    await using place = await temporaryFolder()
    const programs = await writePrograms(place.path, quick ? 20 : wanted)
    const figures: Record<string, number> = {
      right_programs: programs.filter(({ right }) => right).length,
      wrong_programs: programs.filter(({ right }) => !right).length,
    }
    const seen: Map<string, string>[] = []
    let misjudged = 0
    for (const way of ways) {
      const begun = performance.now()
      const found = await gradedBeside(programs, place.path, way, progress)
      figures[`${way.name}_seconds`] = tenth((performance.now() - begun) / 1_000)
      misjudged += programs.filter(({ file, right }) => (found.get(file) === 'passed') !== right).length
      seen.push(found)
    }
    const differing = programs.filter(({ file }) => new Set(seen.map(found => found.get(file))).size > 1).length
    return { figures: { ...figures, misjudged, differing }, ok: misjudged === 0 && differing === 0 }
  },
}

/** Writes equal numbers of right and wrong programs, `count` each, spread over all exercises. */
async function writePrograms(folder: string, count: number): Promise<Omit<BankProgram, 'code'>[]> {
  const originals = await bankPrograms()
  await mkdir(join(folder, 'programs'))
  const programs: Omit<BankProgram, 'code'>[] = []
  for (const kind of [true, false]) {
    const some = originals.filter(({ right }) => right === kind)
    for (let at = 0; at < count; at += 1) {
      const round = Math.floor(at / some.length)
      const [original, ending] = [some[at % some.length], endings[(at + round) % endings.length]]
      if (original === undefined || ending === undefined) throw new Error('the bank has no programs')
      const file = join(folder, 'programs', `${round}-${original.file}`)
      await writeFile(file, original.code + ending(at))
      programs.push({ exercise: original.exercise, right: kind, file })
    }
  }
  return programs
}

/** The verdict of each program by its file, beside as many busy processes as the way says. */
async function gradedBeside(
  programs: readonly Omit<BankProgram, 'code'>[],
  folder: string,
  { name, processes, busy }: (typeof ways)[number],
  progress: (line: string) => void,
): Promise<Map<string, string>> {
  const busyOnes = Array.from({ length: busy }, () => execa(process.execPath, ['-e', 'for (;;);'], { reject: false }))
  try {
    const found = new Map<string, string>()
    const byExercise = Map.groupBy(programs, ({ exercise }) => exercise)
    for (const [exercise, some] of byExercise) {
      const files = some.map(({ file }) => file)
      for (const { file, verdict } of await grade(files, exercise, folder, processes)) found.set(file, verdict)
      progress(`${name}: ${found.size} of ${programs.length}`)
    }
    return found
  } finally {
    for (const one of busyOnes) one.kill()
    await Promise.all(busyOnes)
  }
}

async function grade(
  files: readonly string[],
  exercise: string,
  cwd: string,
  processes: number,
): Promise<{ file: string; verdict: string }[]> {
  const args = [join(root, 'bin', 'learnflow.ts'), 'tutor', 'grade', ...files, '--exercise', exercise, '--jsonl']
  const { stdout } = await execa(process.execPath, args, {
    cwd,
    env: { LEARNFLOW_SANDBOX_PROCESSES: String(processes) },
    maxBuffer: 1_000_000_000,
  })
  return stdout.split('\n').map(line => z.object({ file: z.string(), verdict: z.string() }).parse(JSON.parse(line)))
}
