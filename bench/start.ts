import { extname, join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { execa } from 'execa'
import { openProbe } from '../verify/check.ts'
import { root, startTestPlatform, temporaryFolder, throwawayConfig } from '../verify/test-platform.ts'
import { type Bench, quantile, tenth } from './bench.ts'

const right = 'def square(n):\n    return n * n\n'

/**
 * How long a person waits for a command's first output, and for a platform's first grade on a new and on a used data
 * folder.
 */
export const start: Bench = {
  about: 'start-up of a command, and from nothing to the first graded submission',
  async run(progress, quick) {
    const commands = await timed(quick ? 2 : 9, async () =>
      execa(process.execPath, [join(root, 'bin', `learnflow${extname(import.meta.filename)}`), '--help']),
    )
    progress('commands measured; now the platform')
    await using place = await temporaryFolder()
    const first = await untilGraded(place.path)
    const again = await untilGraded(place.path)
    const figures = {
      command_help_ms: tenth(quantile(commands, 0.5)),
      first_grade_new_folder_ms: Math.round(first),
      first_grade_known_folder_ms: Math.round(again),
    }
    return { figures, ok: first < 60_000 && again < 10_000 }
  },
}

async function timed(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const found: number[] = []
  for (let at = 0; at < times; at += 1) {
    const begun = performance.now()
    await work()
    found.push(performance.now() - begun)
  }
  return found
}

async function untilGraded(folder: string): Promise<number> {
  const begun = performance.now()
  await using _platform = await startTestPlatform({ folder })
  const probe = await openProbe(folder, throwawayConfig())
  const client = probe.client({ student: probe.newStudent() })
  const { grade } = await client.ended((await client.submit('square', right, randomUUID())).request_id)
  if (grade?.verdict !== 'passed') throw new Error(`a right program came back as ${grade?.verdict ?? 'nothing'}`)
  return performance.now() - begun
}
