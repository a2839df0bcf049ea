import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'

const replay = defineScript({
  about: 'Puts dead letters back on their topic, once their cause is fixed.',
  effect: 'changes',
  needs: ['log'],
  input: z.object({ code: z.string().optional().describe('only those with this code') }),
  output: z.object({ replayed: z.number().int(), by_code: z.record(z.string(), z.number().int()) }),
  async run({ code }, { log, dryRun }) {
    const by_code = dryRun ? await waiting() : await log.replay(code)
    const replayed = Object.values(by_code).reduce((sum, count) => sum + count, 0)
    const counts = Object.entries(by_code).map(([name, count]) => `${count} ${name}`)
    return {
      changed: replayed,
      summary: `dead letters replayed ${replayed}${replayed === 0 ? '' : `: ${counts.join(', ')}`}`,
      data: { replayed, by_code },
      plan: counts.map(line => `replay ${line}`),
    }

    async function waiting(): Promise<Record<string, number>> {
      const letters = (await log.deadLetters(Number.MAX_SAFE_INTEGER)).filter(
        letter => code === undefined || letter.code === code,
      )
      return Object.fromEntries(
        [...Map.groupBy(letters, letter => letter.code)].map(([name, group]) => [name, group.length]),
      )
    }
  },
})
export default replay
if (import.meta.main) await runAsMain(import.meta, replay)
