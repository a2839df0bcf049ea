import { PlatformError } from '../../platform/errors.ts'
import { configOf } from '../../skills/command.ts'
import { printData, printLines, tellProgress } from '../../skills/output.ts'
import { operateHere } from '../../skills/registry.ts'
import type { BenchResult } from '../../bench/bench.ts'
import type { VerifyResult } from '../../verify/run.ts'
import { unknownName } from './script.ts'

interface VerifyOptions {
  negative?: boolean
  target: string
  quick?: boolean
  throwaway?: boolean
  data?: string
  json?: boolean
}

/** One line a check as it comes, then the total; exit 1 if any failed. */
export async function verifyCommand(select: readonly string[], options: VerifyOptions): Promise<void> {
  const result = await measure(select, options)
  if (options.json) printData(result)
  else printLines([result.total])
  if (!result.ok) process.exitCode = 1
}

async function measure(
  select: readonly string[],
  { negative, target, quick, throwaway, data, json }: VerifyOptions,
): Promise<VerifyResult> {
  const { verify, verifyEphemeral } = await import('../../verify/run.ts')
  const report = (line: string): void => (json ? tellProgress(line) : printLines([line]))
  if (negative) {
    const { verifyNegative, verifyNegativeLocal } = await import('../../verify/negative.ts')
    return target === 'local'
      ? verifyNegativeLocal({ select, quick: quick === true }, report, operateHere)
      : verifyNegative(select, report)
  }
  if (throwaway) return verifyEphemeral(select, report)
  const config = configOf(data)
  return verify(config.LEARNFLOW_DATA_DIR, select, report, operateHere(config))
}

/** Takes many minutes and writes docs/tokens.md: it runs only when it is named. */
const ledger = 'tokens'

interface BenchOptions {
  target: string
  report?: string
  submissions?: string
  quick?: boolean
  json?: boolean
}

/** Runs the benchmarks of a target, the usual ones without a name; with `report` each puts its section into that page. Exit 1 if one broke a promise. */
export async function benchCommand(
  names: readonly string[],
  { target, report, submissions, quick = false, json }: BenchOptions,
): Promise<void> {
  const [{ benches }, { loadAverage }] = [await import('../../bench/all.ts'), await import('../../bench/machine.ts')]
  const { all, defaults } =
    target === 'embedded' || target === 'local' ? benches[target] : unknownName('target', target, Object.keys(benches))
  const count = submissions === undefined ? undefined : countOf(submissions)
  const found: Record<string, BenchResult> = {}
  for (const name of names.length === 0 ? defaults : names) {
    const bench =
      name === ledger
        ? (await import('../../bench/tokens/bench.ts')).tokens
        : (all[name] ?? unknownName('benchmark', name, [...Object.keys(all), ledger]))
    const loadBefore = loadAverage()
    const result = await bench.run(tellProgress, quick, count)
    found[name] = result
    const figures = Object.entries(result.figures).map(([figure, value]) => `${figure} ${value}`)
    if (!json) printLines([`${result.ok ? 'ok  ' : 'FAIL'}  ${name}  ${figures.join(', ')}`])
    if (!result.ok) process.exitCode = 1
    if (report !== undefined)
      await putInPage(
        report,
        { name, about: bench.about, command: commandLine(name, target, quick, count), loadBefore },
        result,
      )
  }
  if (json) printData(found)
}

/** @throws INVALID_INPUT */
function countOf(text: string): number {
  if (/^[1-9]\d{1,5}$/.test(text)) return Number(text)
  throw new PlatformError('INVALID_INPUT', `--submissions takes 10 to 999999, not ${text.slice(0, 20)}`, {
    hint: 'learnflow bench effects --target local --submissions 2000',
  })
}

const commandLine = (name: string, target: string, quick: boolean, count: number | undefined): string =>
  [
    'learnflow bench',
    name,
    ...(target === 'embedded' ? [] : [`--target ${target}`]),
    ...(count === undefined ? [] : [`--submissions ${count}`]),
    ...(quick ? ['--quick'] : []),
  ].join(' ')

async function putInPage(
  file: string,
  { name, about, command, loadBefore }: Record<'name' | 'about' | 'command' | 'loadBefore', string>,
  result: BenchResult,
): Promise<void> {
  const { measuredLine, table, writeSection } = await import('../../bench/page.ts')
  const measured = await measuredLine(command, loadBefore)
  const figures = [`## ${about}`, measured, table(['figure', 'value'], Object.entries(result.figures))].join('\n\n')
  await writeSection(file, name, result.section?.(measured) ?? figures)
}
