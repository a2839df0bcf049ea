import * as z from 'zod'
import { ExerciseView } from '../../../schemas/api.ts'
import type { Step } from '../../../schemas/exercise.ts'
import { ExerciseId } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'

const exercise = defineScript({
  about: 'Shows what an exercise asks for, with its visible tests.',
  effect: 'reads',
  needs: ['platform'],
  quotes: true,
  input: z.object({ id: ExerciseId.describe('from exercises').meta({ positional: true }) }),
  output: ExerciseView,
  async run({ id }, { config, line }) {
    const shown = await (await callerAs(config)).client.exercise(id)
    const { title, module, level, statement, prelude, helpers, tests, limits } = shown
    const examples = tests.flatMap(toText)
    const text = [
      ...statement.trimEnd().split('\n'),
      ...(prelude === undefined ? [] : ['', 'Given:', ...prelude.trimEnd().split('\n')]),
      ...(helpers === undefined ? [] : ['', 'The tests have:', ...helpers.trimEnd().split('\n')]),
      ...(examples.length === 0 ? [] : ['', 'Tests:', ...examples]),
    ]
    for (const part of text) line(part)
    return {
      summary: `${title} (${module}, ${level}), ${tests.length} visible tests, ${limits.seconds} s`,
      data: shown,
    }
  },
})
/** A test of calls, a line for each; what a program reads and prints stands in the statement. */
function toText(test: ExerciseView['tests'][number]): string[] {
  if ('steps' in test) return test.steps.flatMap(lineOf)
  return 'call' in test ? lineOf(test) : []
}

function lineOf(step: Step): string[] {
  const text = 'do' in step ? step.do.trimEnd().split('\n') : [step.call]
  if ('raises' in step)
    return [...text, `  raises ${step.raises}${step.message === undefined ? '' : `: ${step.message}`}`]
  if ('expect' in step) return [...text.slice(0, -1), `${text.at(-1)} -> ${step.expect}`]
  return 'holds' in step ? [...text.slice(0, -1), `${text.at(-1)} -> ${step.holds}`] : text
}
export default exercise
if (import.meta.main) await runAsMain(import.meta, exercise)
