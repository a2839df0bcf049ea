import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defaultTarget, type TargetName, targetNames } from '../../../platform/targets/all.ts'
import type { Bench, BenchResult } from '../../../bench/bench.ts'
import { nearest } from '../../nearest.ts'
import { defineScript, runAsMain } from '../../script.ts'

/** It takes many minutes and writes docs/tokens.md, so it runs only when it is named. */
const tokens = 'tokens'

const run = defineScript({
  about:
    'Measures how fast the platform is, on platforms made for it; yours is not touched. The former report is in git.',
  effect: 'changes',
  input: z.object({
    name: z.array(z.string().min(1)).default([]).describe('benchmarks; else the usual').meta({ positional: true }),
    target: z.enum(targetNames).default(defaultTarget).describe('what is measured'),
    submissions: z.int().min(10).max(999_999).optional().describe('how many, for effects on local'),
    report: z.string().min(1).optional().describe('a file that gets what it found').meta({ path: true }),
    quick: z.boolean().default(false).describe('smaller'),
  }),
  output: z.record(z.string(), z.object({ figures: z.record(z.string(), z.number().or(z.nan())), ok: z.boolean() })),
  async run({ name: names, target, submissions, report, quick }, { progress, line, dryRun }) {
    const chosen = await benchesOf(target, names)
    const plan = chosen.map(({ name }) => `run ${name} on ${target}`)
    const found: Record<string, BenchResult> = {}
    if (dryRun) return { changed: chosen.length, summary: `${chosen.length} benchmarks`, data: found, plan }
    const { loadAverage } = await import('../../../bench/machine.ts')
    const lines: string[] = []
    for (const { name, bench } of chosen) {
      const loadBefore = loadAverage()
      const result = await bench.run(progress, quick, submissions)
      found[name] = result
      const figures = Object.entries(result.figures).map(([figure, value]) => `${figure} ${value}`)
      lines.push(`${result.ok ? 'ok  ' : 'FAIL'}  ${name}  ${figures.join(', ')}`)
      line(lines.at(-1) ?? '')
      if (report !== undefined) {
        const { putInPage } = await import('../page.ts')
        await putInPage(report, { name, bench, target, quick, submissions, loadBefore }, result)
      }
    }
    const broken = Object.keys(found).filter(name => found[name]?.ok === false)
    const failure = {
      code: 'CHECK_FAILED',
      message: lines.filter((_, at) => broken.includes(chosen[at]?.name ?? '')).join('\n'),
      hint: 'Measure again when the machine does nothing else.',
    } as const
    return {
      changed: chosen.length,
      summary: lines.join('\n'),
      data: found,
      plan,
      ...(broken.length === 0 ? {} : { failure }),
    }
  },
})

/** The benchmarks of these names, or the default ones. @throws NOT_FOUND with the nearest names */
async function benchesOf(target: TargetName, names: readonly string[]): Promise<{ name: string; bench: Bench }[]> {
  const { benches } = await import('../../../bench/all.ts')
  const { all, defaults } = benches[target] ?? { all: {}, defaults: [] }
  if (defaults.length === 0)
    throw new PlatformError('INVALID_INPUT', `nothing is measured on the target ${target}`, {
      hint: `Measured are: ${Object.keys(benches).join(', ')}.`,
    })
  return Promise.all(
    (names.length === 0 ? defaults : names).map(async name => {
      const bench = name === tokens ? (await import('../../../bench/tokens/bench.ts')).tokens : all[name]
      if (bench !== undefined) return { name, bench }
      throw new PlatformError('NOT_FOUND', `there is no benchmark ${name.slice(0, 80)}`, {
        hint: `Nearest: ${nearest(name, [...Object.keys(all), tokens]).join(', ')}.`,
      })
    }),
  )
}
export default run
if (import.meta.main) await runAsMain(import.meta, run)
