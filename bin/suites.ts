import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Counts } from './counts.ts'

const root = join(import.meta.dirname, '..')

/** Runs one project of `vitest.config.ts` with its usual output and counts from its own report; a run that ends without one is an error. */
export async function suite(project: 'unit' | 'slow' | 'local'): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-report-'))
  try {
    const report = join(folder, 'vitest.json')
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const { failed: wrong } = await execa('vitest', args, { preferLocal: true, reject: false, stdio: 'inherit', cwd: root })
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = JSON.parse(await readFile(report, 'utf8')) as Record<string, number>
    if (passed === undefined || failed === undefined || skipped === undefined) throw new Error(`${report} does not count the tests`)
    // A file that cannot be loaded fails the run without failing a test.
    return { passed, failed: wrong && failed === 0 ? 1 : failed, skipped }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
