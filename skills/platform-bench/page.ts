import type { Bench, BenchResult } from '../../bench/bench.ts'
import { targetFlag } from '../../platform/targets/all.ts'
import { measuredLine, table, writeSection } from '../../bench/page.ts'

/** The benchmark that was run, and the load of the machine before it. */
export interface Run {
  name: string
  bench: Bench
  target: string
  quick: boolean
  submissions?: number | undefined
  loadBefore: string
}

/** Writes the result of a benchmark into its section of a page, with the command that repeats it. */
export async function putInPage(file: string, run: Run, result: BenchResult): Promise<void> {
  const measured = await measuredLine(commandOf(run), run.loadBefore)
  const figures = [`## ${run.bench.about}`, measured, table(['figure', 'value'], Object.entries(result.figures))]
  await writeSection(file, run.name, result.section?.(measured) ?? figures.join('\n\n'))
}

const commandOf = ({ name, target, quick, submissions }: Run): string =>
  [
    `learnflow bench ${name}${targetFlag(target)}`,
    ...(submissions === undefined ? [] : [`--submissions ${submissions}`]),
    ...(quick ? ['--quick'] : []),
  ].join(' ')
