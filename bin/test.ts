import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { check } from './check.ts'
import { conclude, type Counts } from './counts.ts'
import { suite } from './suites.ts'

const root = join(import.meta.dirname, '..')

/** Runs the checks of the embedded platform on plain Node against a throwaway one, then breaks it in every way that a check is there to notice. */
async function verification(folder: string, negative: boolean): Promise<Counts> {
  const args = ['bin/learnflow.ts', 'verify', ...(negative ? ['--negative'] : ['--throwaway']), '--data', join(folder, 'data')]
  const { stdout } = await execa(process.execPath, args, { reject: false, stdout: ['inherit', 'pipe'], stderr: 'inherit', cwd: root })
  const caught = /^caught (\d+) of (\d+)$/m.exec(stdout)
  if (caught !== null) return { passed: Number(caught[1]), failed: Number(caught[2]) - Number(caught[1]), skipped: 0 }
  const counts = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/m.exec(stdout)
  return counts === null ? { passed: 0, failed: 1, skipped: 0 } : { passed: Number(counts[1]), failed: Number(counts[2]), skipped: Number(counts[3] ?? 0) }
}

/** The promise about killed platforms, small; `bin/proof.ts` keeps it at full size. */
async function effects(): Promise<Counts> {
  const { failed: wrong } = await execa(process.execPath, ['bin/learnflow.ts', 'bench', 'effects', '--quick'], { reject: false, stdio: 'inherit', cwd: root })
  return { passed: wrong ? 0 : 1, failed: wrong ? 1 : 0, skipped: 0 }
}

const folder = await mkdtemp(join(tmpdir(), 'learnflow-test-'))
try {
  const sources = await check()
  const parts: Counts[] = [
    { ...sources, skipped: 0 },
    await suite('unit'),
    await verification(folder, false),
    await verification(folder, true),
    await effects(),
  ]
  conclude(parts)
} finally {
  await rm(folder, { recursive: true, force: true })
}
