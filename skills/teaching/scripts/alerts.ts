import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { ClassAlerts } from '../../../schemas/api-classes.ts'
import { callAsOperator, classField } from '../../rosters/fields.ts'
import { defineScript, runAsMain } from '../../script.ts'

type Alert = z.infer<typeof ClassAlerts>['alerts'][number]

const alerts = defineScript({
  about: 'Lists who of a class is stuck, by which rule, and what was handed in that shows it.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({ class: classField }),
  output: ClassAlerts,
  async run({ class: id }, { config, line }) {
    const data = ClassAlerts.parse((await callAsOperator(config, 'GET', `classes/${id}/alerts`)).body)
    for (const alert of data.alerts) line(shown(alert))
    const students = new Set(data.alerts.map(({ student_id }) => student_id)).size
    return { summary: `${id}: ${counted(data.alerts.length, 'alert')} about ${counted(students, 'student')}`, data }
  },
})

/** An alert as a line: who, why, at which exercises, how often with which error, and the evidence. */
const shown = ({ student_id, reason, exercise_ids, failed, error, evidence }: Alert): string =>
  [
    student_id,
    reason,
    exercise_ids.join(', '),
    failed === 0 ? '' : `${failed} failed`,
    error ?? '',
    `see ${evidence.join(', ')}`,
  ]
    .filter(part => part !== '')
    .join('  ')
export default alerts
if (import.meta.main) await runAsMain(import.meta, alerts)
