import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { check } from './check.ts'
import { conclude, counted, countedLines, type Counts } from './counts.ts'
import { suite } from './suites.ts'

const root = join(import.meta.dirname, '..', '..')

/** Runs the checks of the embedded platform on plain Node against a throwaway one, then breaks it in every way that a check is there to notice. */
async function verification(folder: string, negative: boolean): Promise<Counts> {
  const args = [
    'bin/learnflow.ts',
    'verify',
    ...(negative ? ['--negative'] : ['--throwaway']),
    '--data',
    join(folder, 'data'),
  ]
  return countedLines(
    `learnflow ${args.slice(1).join(' ')}`,
    await execa(process.execPath, args, { reject: false, stdout: ['inherit', 'pipe'], stderr: 'inherit', cwd: root }),
  )
}

/** The promise about killed platforms, small; `bin/tools/proof.ts` keeps it at full size. */
async function effects(): Promise<Counts> {
  const { failed } = await execa(process.execPath, ['bin/learnflow.ts', 'bench', 'effects', '--quick'], {
    reject: false,
    stdio: 'inherit',
    cwd: root,
  })
  return counted(!failed, 'learnflow bench effects --quick')
}

// For who runs `bin/tools/proof.ts` next, which holds the same at full size.
const { values: flags } = parseArgs({ options: { 'without-effects': { type: 'boolean', default: false } } })
const folder = await mkdtemp(join(tmpdir(), 'learnflow-test-'))
try {
  conclude([
    await check(),
    await suite('unit'),
    await verification(folder, false),
    await verification(folder, true),
    ...(flags['without-effects'] ? [] : [await effects()]),
  ])
} finally {
  await rm(folder, { recursive: true, force: true })
}
