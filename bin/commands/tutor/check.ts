import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Checked, checkFile } from '../../../tutor/exercise/check.ts'
import type { Problem } from '../../../schemas/positions.ts'
import { fileName } from '../../../tutor/exercise/parse-exercise.ts'
import { tellProgress } from '../../../skills/output.ts'
import { each, type Output, report, withSandbox } from './io.ts'
import { exercisePath } from './grade.ts'
import { counted } from '../../../schemas/counted.ts'

/**
 * Checks exercises and reports on all of them together, or with `--jsonl` on each. The exit code is 1 unless all are
 * proven.
 */
export async function check(paths: readonly string[], options: Output): Promise<void> {
  const all = (await Promise.all(paths.map(exercisesAt))).flat()
  const total: Checked = {
    ok: true,
    problems: [],
    mutants: { made: 0, caught: 0, survivors: [] },
    mistakes: { made: 0, named: 0 },
  }
  await withSandbox(async sandbox => {
    let done = 0
    const one = async (path: string): Promise<Checked & { path: string }> => {
      const checked = await checkFile(path, sandbox).catch((error: unknown) => {
        // The run of the others goes on, and the sum is not ok.
        total.ok = false
        throw error
      })
      done += 1
      tellProgress(`${done} of ${all.length} checked: ${path}`)
      return { path, ...checked }
    }
    await each(all, one, result => {
      tellProgress(`${result.ok ? 'ok  ' : 'FAIL'}  ${result.path}`)
      if (options.jsonl === true) report(result, options, true, toText)
      add(total, result)
    })
  })
  if (options.jsonl !== true) report(total, options, false, toText)
  // Another code says that something could not be checked at all.
  if (!total.ok) process.exitCode ??= 1
}

/** The exercises of a path: the path itself, or those in its subfolders. */
async function exercisesAt(name: string): Promise<string[]> {
  const path = exercisePath(name)
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  if (entries.some(entry => entry.name === fileName)) return [path]
  const inside = entries.flatMap(entry =>
    entry.isDirectory() && existsSync(join(path, entry.name, fileName)) ? [join(path, entry.name)] : [],
  )
  return inside.length > 0 ? inside.toSorted() : [path]
}

function add(total: Checked, { ok, problems, mutants, mistakes }: Checked): void {
  total.ok &&= ok
  total.problems.push(...problems)
  total.mutants.made += mutants.made
  total.mutants.caught += mutants.caught
  total.mutants.survivors.push(...mutants.survivors)
  total.mistakes.made += mistakes.made
  total.mistakes.named += mistakes.named
}

/** A problem with its place, as editors read it. */
export const problemText = ({ path, line, column, message }: Problem): string =>
  `${path}:${line}${column === undefined ? '' : `:${column}`}: ${message}`

function toText({ ok, problems, mutants: { made, caught, survivors }, mistakes }: Checked): string {
  return [
    `${ok ? 'ok' : counted(problems.length, 'problem')}, ${caught} of ${made} mutants caught, ${mistakes.named} of ` +
      `${mistakes.made} mistakes named unseen`,
    ...problems.map(problemText),
    ...survivors.map(({ path, line, change, input }) => `${path}:${line}: survives: ${change} (try ${input})`),
  ].join('\n')
}
