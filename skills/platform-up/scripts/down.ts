import * as z from 'zod'
import { forgetUp } from '../../../platform/config.ts'
import { targetOf } from '../../../platform/targets/resolve.ts'
import { entry } from '../../entry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { counted } from '../../../schemas/counted.ts'

const down = defineScript({
  about: 'Stops the platform once it has finished what is in hand. The data stays: `purge` deletes it.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({
    grace_seconds: z.number().min(1).max(300).default(45).describe('how long it may take before it is killed'),
  }),
  output: z.object({ stopped: z.boolean() }),
  async run({ grace_seconds }, { config, dryRun, progress, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const target = await targetOf(folder)
    const stopped = await target.down({ config, entry, dryRun, progress, signal }, grace_seconds * 1_000)
    if (stopped.length === 0) return { changed: 0, summary: `nothing runs on ${folder}`, data: { stopped: false } }
    const summary = `stopped the platform on ${folder}${target.oneProcess ? '' : `, ${counted(stopped.length, 'process')}`}`
    if (!dryRun) forgetUp(folder)
    return {
      changed: stopped.length,
      summary,
      data: { stopped: !dryRun },
      plan: stopped.map(name => `stop ${name}`),
    }
  },
})
export default down
if (import.meta.main) await runAsMain(import.meta, down)
