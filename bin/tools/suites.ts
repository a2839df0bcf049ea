import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { execa } from 'execa'
import * as z from 'zod'
import type { Counts } from './counts.ts'

const root = join(import.meta.dirname, '..', '..')

/** The parts of vitest's own report that are read. */
const Report = z.object({
  numPassedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
})

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 1_000)

/**
 * Runs one project of `vitest.config.ts` with its usual output and counts from its own report; a run that ends without
 * one is an error.
 */
export async function suite(project: 'unit' | 'slow' | 'local' | 'cluster'): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-report-'))
  try {
    const file = join(folder, 'vitest.json')
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const { failed: wrong } = await execa('vitest', args, {
      preferLocal: true,
      reject: false,
      stdio: 'inherit',
      cwd: root,
    })
    const report = Report.parse(JSON.parse(await readFile(file, 'utf8')))
    const failures = report.testResults.flatMap(failuresOf)
    // An error outside every test makes the run fail without a failed test.
    if (wrong && failures.length === 0) failures.push(`the run of the ${project} tests, see above`)
    return { passed: report.numPassedTests, skipped: report.numPendingTests, failures }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The failures of a file; one that cannot be loaded fails without a test of its own. */
function failuresOf({
  name,
  status,
  message,
  assertionResults,
}: z.infer<typeof Report>['testResults'][number]): string[] {
  const file = relative(root, name)
  const failed = assertionResults.filter(test => test.status === 'failed')
  if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : []
  return failed.map(
    ({ fullName, failureMessages }) => `${file} ${fullName.trim()}: ${firstLine(failureMessages?.[0] ?? '')}`,
  )
}
