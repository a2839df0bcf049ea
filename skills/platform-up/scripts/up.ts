import * as z from 'zod'
import { noteUp } from '../../../platform/config.ts'
import { defaultTarget, targetNames } from '../../../platform/targets/all.ts'
import { targetFor } from '../../../platform/targets/resolve.ts'
import type { Found } from '../../../platform/targets/running.ts'
import { entry } from '../../entry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { verifierFor } from '../verifier.ts'

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
    const { found, started, plan } = await target.up(context, { port, waitSeconds })
    if (found === undefined) {
      const url = `http://${config.LEARNFLOW_HTTP_HOST}:${port ?? config.LEARNFLOW_HTTP_PORT}`
      const data = { url, pid: 0, data_dir: folder, version: '' }
      return { changed: started, summary: `start the target ${name} on ${folder}`, data, plan: [...plan] }
    }
    const done = described(found, folder, started)
    if (started === 0) return done
    const proof = await target.smokeTest(context, verifierFor(context, waitSeconds))
    const facts = proof === '' ? '' : `, ${started} processes started, ${proof}`
    return { ...done, summary: `${done.summary}${facts}${noted(folder, name)}` }
  },
})

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
