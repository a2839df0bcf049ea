import { pino } from 'pino'
import { embeddedLog } from '../platform/drivers/embedded/event-log.ts'
import { embeddedState } from '../platform/drivers/embedded/state.ts'
import { openMigrated } from '../platform/drivers/embedded/test-engine.ts'
import type { EventLog } from '../platform/ports/event-log.ts'
import type { History } from '../platform/ports/history.ts'
import { submissionGraded, submissionReceived } from '../schemas/events.ts'
import type { EventOf } from '../schemas/learning-event.ts'
import { learningEvents, topics } from '../schemas/topics.ts'
import type { AgentName } from '../schemas/words.ts'
import { type AgentDefinition, defineAgent, type Handler, type Outcome } from './agent.ts'
import { acceptSubmission } from '../api/accept.ts'
import { lockStudent } from '../api/idempotency.ts'
import { agentDirectory } from './agents.ts'
import { storeGrade } from './exercise/store-grade.ts'
import { startRelay } from './outbox.ts'
import { startWorker, type Worker, type WorkerPorts } from './worker.ts'

/** Real engines in memory for tests of workers. */
export interface Stage extends AsyncDisposable {
  history: History
  log: EventLog
  ports: WorkerPorts
  /** Accepts a submission as the API does and returns its id. */
  submit(student: string, code?: string): Promise<string>
  /** Publishes the event of an accepted submission directly to the log, without outbox and relay. */
  publish(...events: EventOf<'submission.received'>[]): Promise<void>
  work(agent: AgentDefinition, leaseSeconds?: number): Promise<Worker>
  relay(): void
  statusOf(requestId: string): Promise<string | undefined>
}

export async function openStage(): Promise<Stage> {
  const stack = new AsyncDisposableStack()
  const history = stack.use(await openMigrated())
  const logger = pino({ level: 'silent' })
  const log = stack.use(embeddedLog(history, logger))
  for (const topic of topics) await log.createTopic(topic)
  // No handler of these tests runs a program or reads an exercise.
  const ports: WorkerPorts = {
    history,
    log,
    logger,
    state: embeddedState(history),
    model: undefined,
    sandbox: null as never,
    bank: null as never,
    agents: agentDirectory([]),
  }
  let notify = (): void => {}
  return {
    history,
    log,
    ports,
    submit: async (student, code = 'pass') => {
      const { request_id } = await history.transaction(async trx => {
        await lockStudent(trx, student)
        return acceptSubmission(trx, {
          studentId: student,
          exerciseId: 'square',
          exerciseVersion: 1,
          code,
          traceparent: undefined,
        })
      })
      notify()
      return request_id
    },
    publish: async (...events) =>
      log.publish(
        learningEvents.name,
        events.map(event => ({ key: event.subject, value: JSON.stringify(event) })),
      ),
    work: async (agent, leaseSeconds = 25) =>
      stack.use(await startWorker(agent, ports, { leaseSeconds, notify: () => notify() })),
    relay: () => void (notify = stack.use(startRelay(ports, 'relay-1', 25)).notify),
    statusOf: async id =>
      (await history.db.selectFrom('request').select('status').where('request_id', '=', id).executeTakeFirst())?.status,
    [Symbol.asyncDispose]: async () => stack.disposeAsync(),
  }
}

/** The agent `exercise` with another way to grade. */
export const grader = (handle: Handler<'submission.received'>): AgentDefinition =>
  defineAgent({ name: 'exercise', concurrency: 8, consumes: { 'submission.received': handle } })

/** An agent that exists only to receive questions. */
export const answerer = (name: AgentName): AgentDefinition =>
  defineAgent({ name, concurrency: 1, answersQuestions: true, consumes: { 'question.routed': async () => ({}) } })

/** What the agent `exercise` returns for a program that passes; `stored` is the score that it tries to write. */
export function passed({ subject, data }: EventOf<'submission.received'>, score = 1, stored = score): Outcome {
  const { submission_id, exercise_id, exercise_version, attempt } = data
  const grade = {
    submission_id,
    exercise_id,
    exercise_version,
    attempt,
    module: 'basics',
    verdict: 'passed',
    score,
    duration_ms: 1,
  } as const
  return {
    write: async trx =>
      storeGrade(trx, {
        ...grade,
        score: stored,
        student_id: subject,
        notes: '[]',
        tests: '[]',
        error: null,
        seed: '1',
      }),
    answer: { request_id: submission_id, result: { submission_id, verdict: grade.verdict, score } },
    events: [
      submissionGraded.of(subject, grade, { key: [submission_id, exercise_version], source: '/agents/exercise' }),
    ],
  }
}

/** A valid event for a submission that need not exist. */
export function received(
  student: string,
  submission_id: string = crypto.randomUUID(),
  attempt = 1,
  code = 'pass',
): EventOf<'submission.received'> {
  return submissionReceived.of(
    student,
    { submission_id, exercise_id: 'square', exercise_version: 1, attempt, code },
    { key: [submission_id, 1], source: '/api' },
  )
}
