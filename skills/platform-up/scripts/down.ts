import * as z from 'zod'
import { forgetUp } from '../../../platform/config.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { openSupervisor } from '../../../platform/open.ts'
import { readTopology } from '../../../platform/targets/local/topology.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { downLocal, localProcesses } from '../local.ts'
import { findPlatform, supervised, pollUntil } from '../../../platform/targets/running.ts'

const down = defineScript({
  about: 'Stops the platform once it has finished what is in hand. The data stays: `purge` deletes it.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({
    grace_seconds: z.number().min(1).max(300).default(45).describe('how long it may take before it is killed'),
  }),
  output: z.object({ stopped: z.boolean() }),
  async run({ grace_seconds }, { config, dryRun, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    if ((await readTopology(folder)) !== undefined) return local(folder, grace_seconds * 1_000, dryRun)
    const supervisor = openSupervisor(folder)
    const [found, { status, pid }] = [await findPlatform(folder), await supervisor.status(supervised)]
    const watched = status === 'running' || status === 'restarting'
    if (found === undefined && !watched)
      return { changed: 0, summary: `nothing runs on ${folder}`, data: { stopped: false } }
    const summary = `stopped the platform on ${folder}`
    if (dryRun)
      return {
        changed: 1,
        summary,
        data: { stopped: false },
        plan: [`stop process ${found?.running.pid ?? pid ?? supervised}`],
      }
    if (watched) await supervisor.stop(supervised, grace_seconds * 1_000)
    else if (found !== undefined) process.kill(found.running.pid, 'SIGTERM')
    if (!(await pollUntil(async () => (await findPlatform(folder)) === undefined, grace_seconds * 1_000, signal)))
      throw new PlatformError('DEPENDENCY_DOWN', `the platform on ${folder} did not stop within ${grace_seconds} s`, {
        hint: 'learnflow logs',
      })
    forgetUp(folder)
    return { changed: 1, summary, data: { stopped: true } }
  },
})
async function local(folder: string, graceMs: number, dryRun: boolean) {
  const up = (await localProcesses(folder))
    .filter(({ status }) => status === 'running' || status === 'restarting')
    .map(({ name }) => name)
  const summary = `stopped the platform on ${folder}, ${up.length} processes`
  if (up.length === 0) return { changed: 0, summary: `nothing runs on ${folder}`, data: { stopped: false } }
  if (dryRun) return { changed: up.length, summary, data: { stopped: false }, plan: up.map(name => `stop ${name}`) }
  const stopped = await downLocal(folder, graceMs)
  forgetUp(folder)
  return { changed: stopped.length, summary, data: { stopped: true } }
}
export default down
if (import.meta.main) await runAsMain(import.meta, down)
