import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Bench, BenchResult } from '../bench.ts'
import { root } from '../../verify/test-platform.ts'
import { type Engines, openEngines } from './engines.ts'
import { openTemplate } from './place.ts'
import { steps } from './programs.ts'
import { report, type Row, type StepsRow } from './report.ts'
import { type Ledger, playOurs, playPlain, playSteps } from './run.ts'
import type { Task } from './task.ts'
import { scaffold, schemas } from './tasks-build.ts'
import { bringUp, createTopics, latency } from './tasks-operate.ts'
import { repairs } from './tasks-repair.ts'
import { openTokenizer } from './tokens.ts'

const tasks: readonly Task[] = [bringUp, createTopics, schemas, latency, ...repairs, scaffold]
/**
 * What a coding agent reads to do whole tasks, with our tools and with standard ones, all recorded; `quick` plays only
 * our bring-up.
 */
export const tokens: Bench = {
  about: 'tokens of whole tasks, by MCP and by the standard tools',
  async run(progress, quick): Promise<BenchResult> {
    const count = await openTokenizer()
    await using stack = new AsyncDisposableStack()
    const template = stack.use(await openTemplate())
    let engines: Promise<Engines> | undefined
    stack.defer(async () => (await engines)?.[Symbol.asyncDispose]())
    const folder = join(root, '.cache', 'ledger')
    await mkdir(folder, { recursive: true })
    const ledger: Ledger = {
      count,
      template: template.data,
      progress,
      engines: async () => (engines ??= openEngines()),
      keep: async (name, { entries }) =>
        writeFile(join(folder, `${name}.jsonl`), entries.map(entry => `${JSON.stringify(entry)}\n`).join('')),
    }
    const rows: Row[] = []
    for (const task of quick ? [bringUp] : tasks) {
      const { cost: ours, introduction } = await playOurs(ledger, task)
      const [usual, terse] = quick ? [] : [await playPlain(ledger, task, false), await playPlain(ledger, task, true)]
      rows.push({ task, ours, usual, terse, introduction })
    }
    const programs: StepsRow[] = []
    for (const one of quick ? [] : steps) programs.push({ steps: one, ...(await playSteps(ledger, one)) })
    const { figures, ok, text } = report(rows, programs, count, { cpus: cpus().length, model: cpus()[0]?.model ?? '' })
    if (!quick) await writeFile(join(root, 'docs', 'tokens.md'), text)
    return { figures, ok }
  },
}
