import * as z from 'zod'
import { ExerciseView } from '../../../schemas/api.ts'
import { ExerciseId } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { apiAs } from '../client.ts'
import { student } from '../fields.ts'

const exercise = defineScript({
  about: 'Shows what an exercise asks for, with its visible tests.',
  effect: 'reads',
  needs: ['platform'],
  quotes: true,
  input: z.object({ id: ExerciseId.describe('from exercises').meta({ positional: true }) }),
  output: ExerciseView,
  async run({ id }, { config, line }) {
    const shown = await (await apiAs(config, student.parse(undefined))).exercise(id)
    const { title, module, level, statement, prelude, tests, limits } = shown
    const examples = tests.flatMap(toText)
    const text = [
      ...statement.trimEnd().split('\n'),
      ...(prelude === undefined ? [] : ['', 'Given:', ...prelude.trimEnd().split('\n')]),
      ...(examples.length === 0 ? [] : ['', 'Tests:', ...examples]),
    ]
    for (const part of text) line(part)
    return {
      summary: `${title} (${module}, ${level}), ${tests.length} visible tests, ${limits.seconds} s`,
      data: shown,
    }
  },
})
/** A test of calls on one line; what a program reads and prints stands in the statement. */
const toText = (test: ExerciseView['tests'][number]): string[] =>
  'call' in test ? [`${test.call} ${'raises' in test ? `raises ${test.raises}` : `-> ${test.expect}`}`] : []
export default exercise
if (import.meta.main) await runAsMain(import.meta, exercise)
