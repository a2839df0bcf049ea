import * as z from 'zod'
import { noteUp } from '../../../platform/config.ts'
import { defaultTarget, targetNames } from '../../../platform/targets/all.ts'
import { targetFor } from '../../../platform/targets/resolve.ts'
import { type Found, isUp, notRunning, StillStarting } from '../../../platform/targets/running.ts'
import type { Target, TargetContext, UpOptions } from '../../../platform/targets/target.ts'
import { entry } from '../../entry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { aloneOn, demandUsable } from '../alone.ts'
import { verifierFor } from '../verifier.ts'
import { counted } from '../../../schemas/counted.ts'

/** How long what a failed start leaves may take to end, in ms. */
const takeDownMs = 10_000

const up = defineScript({
  about: 'Starts the platform in the background and waits until it is ready.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({
    target: z.enum(targetNames).default(defaultTarget).describe('where it runs'),
    port: z.number().int().min(0).max(65_535).optional().describe('the port of the API; 0 takes a free one'),
    wait_seconds: z.number().min(1).max(600).default(60).describe('how long to wait for it'),
  }),
  output: z.object({ url: z.string(), pid: z.number().int(), data_dir: z.string(), version: z.string() }),
  async run({ target: name, port, wait_seconds: waitSeconds }, { config, dryRun, progress, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const target = await targetFor(name, folder)
    const context = { config, entry, dryRun, progress, signal }
    await demandUsable(target, folder)
    if (!dryRun)
      return await aloneOn(target, folder, context, waitSeconds, async () =>
        bringUp(target, context, { port, waitSeconds }),
      )
    const { found, started, plan } = await target.up(context, { port, waitSeconds })
    if (found !== undefined) return described(found, folder, started)
    const url = `http://${config.LEARNFLOW_HTTP_HOST}:${port ?? config.LEARNFLOW_HTTP_PORT}`
    const data = { url, pid: 0, data_dir: folder, version: '' }
    return { changed: started, summary: `start the target ${name} on ${folder}`, data, plan: [...plan] }
  },
})

/** Starts what does not run and proves that it works; when it cannot, what it started is taken down again. */
async function bringUp(target: Target, context: TargetContext, options: UpOptions) {
  const folder = context.config.LEARNFLOW_DATA_DIR
  const ran = (await target.processes(folder)).filter(isUp).map(process => process.name)
  try {
    const { found, started } = await target.up(context, options)
    if (found === undefined) throw notRunning(folder)
    const done = described(found, folder, started)
    if (started === 0) return done
    const proof = await target.smokeTest(context, verifierFor(context, options.waitSeconds))
    const facts = proof === '' ? '' : `, ${counted(started, 'process')} started, ${proof}`
    return { ...done, summary: `${done.summary}${facts}${noted(folder, target.name)}` }
  } catch (error) {
    if (error instanceof StillStarting) throw error
    context.progress('it does not start: what was started is stopped again')
    await target.down({ ...context, signal: new AbortController().signal }, takeDownMs, ran)
    throw error
  }
}

/** Without the record the platform runs all the same, but later commands need `--data`. */
function noted(folder: string, target: string): string {
  try {
    noteUp(folder, target)
    return ''
  } catch (error) {
    return `; could not note that (${error instanceof Error && 'code' in error ? String(error.code) : String(error)}): give later commands --data`
  }
}

function described({ running: { url, pid, version } }: Found, folder: string, changed: number) {
  return { changed, summary: `up at ${url}, data in ${folder}`, data: { url, pid, data_dir: folder, version } }
}
export default up
if (import.meta.main) await runAsMain(import.meta, up)
