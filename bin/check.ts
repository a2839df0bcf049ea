import { execa } from 'execa'

/** The checks of the source itself, cheapest first. Each is one command that anyone can run. */
const steps = [
  ['generated files', ['node', 'bin/generate.ts', '--check']],
  ['format', ['oxfmt', '--check', '.']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings']],
  ['types', ['tsc', '-p', '.']],
  ['unused code', ['knip']],
] as const

/** Runs every step and says how each went. */
export async function check(): Promise<{ passed: number; failed: number }> {
  let failed = 0
  for (const [name, [command, ...args]] of steps) {
    const { failed: wrong, all } = await execa(command, args, { preferLocal: true, reject: false, all: true, cwd: `${import.meta.dirname}/..` })
    if (wrong) failed += 1
    console.log(wrong ? `FAIL  ${name}\n${all}` : `ok    ${name}`)
  }
  return { passed: steps.length - failed, failed }
}

if (import.meta.main) {
  const { failed } = await check()
  process.exitCode = failed === 0 ? 0 : 1
}
