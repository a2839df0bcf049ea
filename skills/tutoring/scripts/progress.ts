import { MasteryView } from '../../../schemas/api.ts'
import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'
import { callerOf, firstStudent } from '../client.ts'
import { student } from '../fields.ts'

const words = {
  completion: 'exercises passed',
  quiz: 'quizzes',
  quality: 'quality',
  consistency: 'days of practice',
} as const

const progress = defineScript({
  about: 'Says how far a student is, module by module, and what that follows from.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({ student }),
  output: MasteryView,
  async run({ student: wanted }, { config, line }) {
    const caller = await callerOf(config, { student: wanted ?? firstStudent })
    // A teacher's token shows their students.
    const id = wanted ?? caller.id
    const view = await caller.client.mastery(id)
    for (const { module, mastery, level, components } of view.modules)
      line(`${module}  ${percent(mastery / 100)}  ${level}  (${reasons(components)})`)
    const count = `${view.modules.length} module${view.modules.length === 1 ? '' : 's'}`
    return {
      summary: view.modules.length === 0 ? `${id} has no grade yet` : `${id} is in ${count}`,
      data: view,
    }
  },
})

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** The parts that have data, in words. */
const reasons = (components: Readonly<Record<string, unknown>>): string =>
  Object.entries(words)
    .flatMap(([name, word]) => {
      const share = components[name]
      return typeof share === 'number' ? `${percent(share)} of ${word}` : []
    })
    .join(', ')
export default progress
if (import.meta.main) await runAsMain(import.meta, progress)
