import { explain as explainProgram } from '../../../tutor/explain/explain.ts'
import type { Explanation } from '../../../tutor/explain/explanation.ts'
import { explanationText } from '../../../tutor/explain/show.ts'
import { asLines, each, type Output, readProgram, report, secondsOf, withSandbox } from './io.ts'

type Explained = Explanation & { file?: string }

/** Says why each program does not run, or does not end well, where to look, and which edit was tried and helps. */
export async function explain(
  files: readonly string[],
  options: Output & { stdin?: string; seconds: string },
): Promise<void> {
  const lines = asLines(files, options)
  const run = { seconds: secondsOf(options), ...(options.stdin === undefined ? {} : { stdin: options.stdin }) }
  await withSandbox(async sandbox => {
    const one = async (file: string): Promise<Explained> => ({
      ...(lines ? { file } : {}),
      ...(await explainProgram(await readProgram(file), sandbox, run)),
    })
    await each(files, one, result => report(result, options, lines, explanationText))
  })
}
