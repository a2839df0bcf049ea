/** A place in the code at which a process can be made to die. `before` is source text that is there once; `student` says, in its scope, whose event is in hand. */
interface Point {
  file: string
  before: string
  student: string
}

const worker = 'agents/worker.ts'
const lanes = 'agents/lanes.ts'
const outcome = 'agents/outcome.ts'
const deliver = 'platform/log/deliver.ts'
const member = 'platform/drivers/direct/kafka-member.ts'
const sidecar = 'platform/drivers/dapr/event-log.ts'

const received = {
  'given to the handler': { file: deliver, before: 'await handle(record)', student: 'record.key' },
  parsed: { file: worker, before: 'await receive(history, agent.name, event, record)', student: 'event.subject' },
  'inbox committed': { file: worker, before: 'notifier.notify()\n  }\n  const work', student: 'event.subject' },
  'handler left': {
    file: deliver,
    before: 'return\n    } catch (error) {\n      report(error, `${group}',
    student: 'record.key',
  },
}
const worked = {
  claimed: { file: worker, before: 'const task = work(item)', student: 'item.lane' },
  'claims counted': { file: worker, before: 'if (item.claims > maxClaims)', student: 'item.lane' },
  'work announced': { file: worker, before: 'const failure = await tryItem(agent, item, ports)', student: 'item.lane' },
  'exercise found': {
    file: 'agents/exercise/agent.ts',
    before: 'const known = async (fingerprints',
    student: 'subject',
  },
  graded: { file: 'agents/exercise/agent.ts', before: 'const { verdict, score, duration_ms, seed', student: 'subject' },
  'event made, not handed over': {
    file: 'agents/exercise/agent.ts',
    before: 'return {\n        grades: [',
    student: 'subject',
  },
  'graded, not stored': {
    file: worker,
    before: 'if (await store(ports.history, item, outcome))',
    student: 'item.lane',
  },
  fenced: {
    file: outcome,
    before: 'const requestId = requestOf(item.event)\n    const request =',
    student: 'item.lane',
  },
  'grade not written': { file: outcome, before: 'for (const grade of outcome.grades', student: 'item.lane' },
  'grade written, not committed': { file: outcome, before: 'for (const row of outcome.mastery', student: 'item.lane' },
  'event written, not committed': {
    file: outcome,
    before: "await finish(trx, item, 'done')\n    return true",
    student: 'item.lane',
  },
  'lane not free, not committed': {
    file: lanes,
    before: 'await sql`update lane set owner = null, lease_until = null,\n      ready_at',
    student: 'lane',
  },
  'grade committed, nothing after it': { file: worker, before: 'await afterwards?.()', student: 'lane' },
  'grade committed': { file: worker, before: 'notify()\n  }', student: 'item.lane' },
}
const delivered = {
  direct: {
    'taken from Kafka': {
      file: member,
      before: 'const timer = setInterval(() => void beat(), heartbeatMs)',
      student: 'record.key',
    },
    'handled, not acknowledged': { file: member, before: 'resolveOffset(offset)', student: 'record.key' },
  },
  dapr: {
    'taken from the sidecar': { file: sidecar, before: 'await catchUp.take(record)', student: 'record.key' },
    'handled, not answered': {
      file: sidecar,
      before: "return { status: 200, body: { status: 'SUCCESS' } }",
      student: 'record.key',
    },
  },
}

/** Every point by its name. */
export const points: Readonly<Record<string, Point>> = {
  ...received,
  ...worked,
  ...delivered.direct,
  ...delivered.dapr,
}

/** The points that a worker on this engine passes from the delivery of a submission to the end of the work on it. */
export const pointsOf = (engine: 'direct' | 'dapr'): string[] =>
  Object.keys({ ...received, ...worked, ...delivered[engine] })
