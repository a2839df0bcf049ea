import { configOf } from '../skills/command.ts'
import { printData, printLines, tellProgress } from '../skills/output.ts'
import { operateHere } from '../skills/registry.ts'
import type { VerifyResult } from '../verify/run.ts'
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

async function measure(select: readonly string[], { negative, target, quick, throwaway, data, json }: VerifyOptions): Promise<VerifyResult> {
  const { verify, verifyThrowaway } = await import('../verify/run.ts')
  const tell = (line: string): void => (json ? tellProgress(line) : printLines([line]))
  if (negative) {
    const { verifyNegative, verifyNegativeLocal } = await import('../verify/negative.ts')
    return target === 'local' ? verifyNegativeLocal({ select, quick: quick === true }, tell, operateHere) : verifyNegative(select, tell)
  }
  if (throwaway) return verifyThrowaway(select, tell)
  const config = configOf(data)
  return verify(config.LEARNFLOW_DATA_DIR, select, tell, operateHere(config))
}

/** Takes many minutes and writes docs/tokens.md: it runs only when it is named. */
const ledger = 'tokens'

/** Runs benchmarks, all but `tokens` without a name; exit 1 if one broke a promise. */
export async function benchCommand(names: readonly string[], { quick, json }: { quick?: boolean; json?: boolean }): Promise<void> {
  const { benches } = await import('../verify/bench/all.ts')
  const named = [...Object.keys(benches), ledger]
  const chosen = names.length === 0 ? Object.keys(benches) : names
  const found: Record<string, unknown> = {}
  for (const name of chosen) {
    const bench = name === ledger ? (await import('../mcp-server/ledger/bench.ts')).tokens : (benches[name] ?? unknownName('benchmark', name, named))
    const result = await bench.run(tellProgress, quick === true)
    found[name] = result
    const figures = Object.entries(result.figures).map(([figure, value]) => `${figure} ${value}`)
    if (!json) printLines([`${result.ok ? 'ok  ' : 'FAIL'}  ${name}  ${figures.join(', ')}`])
    if (!result.ok) process.exitCode = 1
  }
  if (json) printData(found)
}
