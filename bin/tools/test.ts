import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { check } from './check.ts'
import { conclude, counted, countedVerification, type Counts } from './counts.ts'
import { verifyNegative } from '../../verify/negative.ts'
import { verifyEphemeral } from '../../verify/run.ts'
import { suite } from './suites.ts'

const root = join(import.meta.dirname, '..', '..')

/** Runs the checks of the embedded platform on plain Node against a temporary platform. */
const verification = async (): Promise<Counts> =>
  countedVerification('learnflow verify --throwaway', async () => verifyEphemeral([], line => console.log(line)))

/** Injects every fault that a check must notice into temporary platforms. */
const controls = async (): Promise<Counts> =>
  countedVerification('learnflow verify --negative', async () => verifyNegative([], line => console.log(line)))

/** The promise about killed platforms at a small size; `bin/tools/proof.ts` runs it at full size. */
async function effects(): Promise<Counts> {
  const { failed } = await execa(process.execPath, ['bin/learnflow.ts', 'bench', 'effects', '--quick'], {
    reject: false,
    stdio: 'inherit',
    cwd: root,
  })
  return counted(!failed, 'learnflow bench effects --quick')
}

// For callers that run `bin/tools/proof.ts` next, which checks the same at full size.
const { values: flags } = parseArgs({ options: { 'without-effects': { type: 'boolean', default: false } } })
const source = await check()
const unit = await suite('unit')
const whole = async (): Promise<Counts[]> => [
  await verification(),
  ...(flags['without-effects'] ? [] : [await effects()]),
]
// Side by side, because the controls mostly wait for answers that must not come.
const [kept, broken] = await Promise.all([whole(), controls()])
conclude([source, unit, ...kept, broken])
