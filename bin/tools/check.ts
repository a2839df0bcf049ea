import { execa } from 'execa'
import type { Counts } from './counts.ts'

/** The checks of the source itself, cheapest first. Each is a command that can be run alone. */
const steps = [
  ['generated files', ['node', 'bin/tools/generate.ts', '--check']],
  ['format', ['oxfmt', '--check', '.']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings']],
  ['types', ['tsc', '-p', '.']],
  ['unused code', ['knip']],
] as const

/** Runs every step and reports each result. */
export async function check(): Promise<Counts> {
  const failures: string[] = []
  for (const [name, [command, ...args]] of steps) {
    const { failed: wrong, all } = await execa(command, args, {
      preferLocal: true,
      reject: false,
      all: true,
      cwd: `${import.meta.dirname}/../..`,
    })
    if (wrong) failures.push(name)
    console.log(wrong ? `FAIL  ${name}\n${all}` : `ok    ${name}`)
  }
  return { passed: steps.length - failures.length, skipped: 0, failures }
}

if (import.meta.main) {
  const { failures } = await check()
  process.exitCode = failures.length === 0 ? 0 : 1
}
