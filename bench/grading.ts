import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { root, temporaryFolder } from '../verify/test-platform.ts'
import { type Bench, tenth } from './bench.ts'

type Way = (number: number) => { code: string; verdict: 'passed' | 'failed' }

const right: Way = number => ({ code: `def square(n):\n    return n * n + ${number} - ${number}\n`, verdict: 'passed' })
/** Right and wrong solutions of the exercise `square`; each number gives a different program. */
const ways: readonly Way[] = [
  right,
  number => ({
    code: `def square(n):\n    values = [${number}, n]\n    values.append(values[1] ** 2)\n    return values[-1]\n`,
    verdict: 'passed',
  }),
  number => ({
    code:
      `NAME_${number} = 2\n\n\ndef square(n):\n    if n == 0:\n        return 0\n` +
      `    return pow(n, NAME_${number})\n`,
    verdict: 'passed',
  }),
  number => ({ code: `def square(n):\n    return n * 2 + ${number}\n`, verdict: 'failed' }),
]
const limitSeconds = 20
const wanted = 4_000

/**
 * Grades thousands of different programs with one command, each with the eleven tests of the exercise: the amount that
 * a course hands in.
 */
export const grading: Bench = {
  about: '`learnflow tutor grade` on 4,000 different small programs with 11 tests each, one in four of them wrong',
  async run(progress, quick) {
    await using place = await temporaryFolder()
    const count = quick ? 100 : wanted
    const made = Array.from({ length: count }, (_, at) => ({
      file: join(place.path, 'programs', `${at}.py`),
      ...(ways[at % ways.length] ?? right)(at + 1),
    }))
    await mkdir(join(place.path, 'programs'))
    await Promise.all(made.map(async ({ file, code }) => writeFile(file, code)))
    progress(`${count} programs`)
    const begun = performance.now()
    const args = [
      join(root, 'bin', 'learnflow.ts'),
      'tutor',
      'grade',
      ...made.map(({ file }) => file),
      '--exercise',
      'square',
      '--jsonl',
    ]
    const { stdout } = await execa(process.execPath, args, { cwd: place.path, maxBuffer: 1_000_000_000 })
    const seconds = (performance.now() - begun) / 1_000
    const verdicts = new Map(
      stdout
        .split('\n')
        .map(line => JSON.parse(line) as { file: string; verdict: string })
        .map(({ file, verdict }) => [file, verdict]),
    )
    const wrong = made.filter(({ file, verdict }) => verdicts.get(file) !== verdict).length
    const figures = {
      programs: count,
      seconds: tenth(seconds),
      programs_per_second: tenth(count / seconds),
      wrong_verdicts: wrong,
    }
    return { figures, ok: wrong === 0 && (quick || seconds <= limitSeconds) }
  },
}
