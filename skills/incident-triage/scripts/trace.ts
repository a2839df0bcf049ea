import { sql } from 'kysely'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { counted } from '../../../schemas/counted.ts'

const maxLength = 110
/** Even, because half of them are the first and half the last. */
const maxSteps = 12

interface Step {
  at: Date
  what: string
}

const trace = defineScript({
  about: 'Follows one request through API, outbox, log, inbox, claims and grade, with the time of each step.',
  effect: 'reads',
  quotes: true,
  needs: ['history'],
  input: z.object({ request_id: z.uuid().describe('what the API answered').meta({ positional: true }) }),
  output: z.object({
    request_id: z.string(),
    status: z.string(),
    traceparent: z.string(),
    steps: z.array(z.object({ ms: z.number().int(), what: z.string() })),
  }),
  async run({ request_id }, { history: { db } }) {
    const request = await db.selectFrom('request').selectAll().where('request_id', '=', request_id).executeTakeFirst()
    if (request === undefined)
      throw new PlatformError('NOT_FOUND', `no request ${request_id} was ever accepted`, {
        hint: 'The id is in the answer of POST and in its Location.',
      })
    const events = await db
      .selectFrom('request_event')
      .select(['type', 'at'])
      .where('request_id', '=', request_id)
      .orderBy('event_id')
      .execute()
    const steps: Step[] = events.map(({ type, at }) => ({ at, what: `request ${type}` }))
    const { rows: inbox } = await sql<InboxRow>`
      select consumer, event->>'type' as type, log_partition, log_offset, state, attempts, claims, last_error,
        received_at, finished_at from inbox
      where event->'data'->>'submission_id' = ${request_id} or event->'data'->>'request_id' = ${request_id}
        order by received_at`.execute(db)
    steps.push(...inbox.flatMap(stepsOf))
    const grades = await db
      .selectFrom('grade')
      .select(['verdict', 'score', 'duration_ms', 'exercise_id', 'graded_at'])
      .where('submission_id', '=', request_id)
      .execute()
    steps.push(
      ...grades.map(({ graded_at, ...grade }) => ({
        at: graded_at,
        what: `graded ${grade.exercise_id}: ${grade.verdict} ${grade.score}, ran ${grade.duration_ms.toFixed(0)} ms`,
      })),
    )
    const { rows: waiting } = await sql<{ created_at: Date; type: string | null }>`
      select created_at, substring(value from '"type":"([a-z.]+)"') as type from outbox
        where value like ${`%${request_id}%`}`.execute(db)
    steps.push(
      ...waiting.map(({ created_at, type }) => ({
        at: created_at,
        what: `${type ?? 'dead letter'} still in the outbox`,
      })),
    )
    const start = Math.min(request.created_at.getTime(), ...steps.map(({ at }) => at.getTime()))
    const ordered = steps
      .toSorted((one, other) => one.at.getTime() - other.at.getTime())
      .map(({ at, what }) => ({ ms: Math.round(at.getTime() - start), what }))
    const took =
      request.finished_at === null
        ? `for ${((Date.now() - start) / 1_000).toFixed(0)} s`
        : `in ${request.finished_at.getTime() - start} ms`
    const head = `${request.kind} of ${request.student_id} to ${request.agent}: ${request.status} ${took}${why(request.error)}, trace ${request.traceparent.split('-')[1] ?? ''}`
    return {
      summary: [head, ...stepLines(ordered)].join('\n'),
      data: { request_id, status: request.status, traceparent: request.traceparent, steps: ordered },
    }
  },
})

/** The first and the last steps of many, with the number of those between. */
function stepLines(steps: readonly { ms: number; what: string }[]): string[] {
  const lines = steps.map(({ ms, what }) => `+${ms} ${what}`)
  const left = lines.length - maxSteps
  return left <= 0 ? lines : [...lines.slice(0, maxSteps / 2), `${left} steps more`, ...lines.slice(-maxSteps / 2)]
}

interface InboxRow {
  consumer: string
  type: string
  log_partition: number
  log_offset: string
  state: string
  attempts: number
  claims: number
  last_error: string | null
  received_at: Date
  finished_at: Date | null
}

function stepsOf({
  consumer,
  type,
  log_partition,
  log_offset,
  state,
  attempts,
  claims,
  last_error,
  received_at,
  finished_at,
}: InboxRow): Step[] {
  const taken = { at: received_at, what: `${consumer} took ${type} from ${log_partition}/${log_offset}` }
  const tries = `${counted(claims, 'claim')}${attempts === 0 ? '' : `, ${attempts} failed`}${last_error === null ? '' : `: ${last_error.slice(0, maxLength)}`}`
  return [
    taken,
    finished_at === null
      ? { at: new Date(), what: `${consumer} has it ${state}, ${tries}` }
      : { at: finished_at, what: `${consumer} ${state}, ${tries}` },
  ]
}

function why(error: unknown): string {
  if (error === null || typeof error !== 'object') return ''
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return ` (${code}: ${message.slice(0, maxLength)})`
}
export default trace
if (import.meta.main) await runAsMain(import.meta, trace)
