import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { LearningEvent } from '../../schemas/learning-event.ts'
import { partitionOf } from '../../schemas/partitioner.ts'
import { learningEvents, topics } from '../../schemas/topics.ts'
import type { DeadLetter } from '../../schemas/dead-letter.ts'
import { defineCheck, type CheckResult, type Probe } from '../check.ts'

const lettersMs = 5_000
const right = 'def square(n): return n * n'

async function deadLetters({ client, newStudent, operate }: Probe): Promise<CheckResult> {
  const id = newStudent()
  const poison = JSON.stringify({ poison: randomUUID() })
  await operate('kafka-topics/produce', { topic: learningEvents.name, key: id, value: poison })
  const student = client({ student: id })
  const { status } = await student.ended((await student.submit('square', right, 'after-poison')).request_id)
  const found = await lettersOf(operate, id)
  await operate('kafka-topics/discard', { student: id })
  const ok =
    status === 'done' &&
    found.length > 0 &&
    found.every(letter => letter.code === 'INVALID_INPUT' && letter.hint !== '')
  return { ok, measured: `${found.length} dead letters with code and hint, next submission ${status}` }
}

/** Its dead letters, once every agent that reads has refused the record, at the latest after some seconds. */
async function lettersOf(operate: Probe['operate'], student: string): Promise<DeadLetter[]> {
  const { agents } = await operate<{ agents: { status: string }[] }>('tutoring-agents/status', {})
  const readers = agents.filter(({ status }) => status === 'running').length
  for (const end = performance.now() + lettersMs; ;) {
    const { letters } = await operate<{ letters: DeadLetter[] }>('kafka-topics/dead-letters', { student })
    if (letters.length >= readers || performance.now() > end) return letters
    await sleep(100)
  }
}

async function schemas({ client, newStudent, operate }: Probe): Promise<CheckResult> {
  const id = newStudent()
  const partition = partitionOf(id, learningEvents.partitions)
  const from = await endOf(operate, partition)
  const student = client({ student: id })
  await student.ended((await student.submit('square', right, 'schemas')).request_id)
  const records = await recordsBetween(operate, partition, from, await endOf(operate, partition))
  const own = records
    .filter(record => record.key === id)
    .map(record => LearningEvent.safeParse(JSON.parse(record.value)))
  const wrong = own.filter(event => !event.success).length
  return { ok: own.length >= 2 && wrong === 0, measured: `${own.length} events, ${wrong} against their schema` }
}

async function endOf(operate: Probe['operate'], partition: number): Promise<number> {
  const { lag } = await operate<{ lag: { partition: number; end: string }[] }>('kafka-topics/lag', {
    group: 'exercise',
  })
  return Number(lag.find(place => place.partition === partition)?.end ?? 0)
}

interface Read {
  records: { key: string; value: string; offset: string }[]
}

/** However many others write meanwhile: every record of a partition from one offset up to another. */
async function recordsBetween(
  operate: Probe['operate'],
  partition: number,
  from: number,
  to: number,
): Promise<Read['records']> {
  const all: Read['records'] = []
  for (let at = from; at < to;) {
    const wanted = { topic: learningEvents.name, partition, from: at, limit: 200 }
    const { records } = await operate<Read>('kafka-topics/read', wanted)
    const last = records.at(-1)
    if (last === undefined) break
    all.push(...records)
    at = Number(last.offset) + 1
  }
  return all
}

export default [
  defineCheck({
    id: 'topics.present',
    claim: topics
      .map(({ name, partitions }) => `${name} has ${partitions}`)
      .join(' and ')
      .concat(' partitions'),
    fault: 'topic-dropped',
    async run({ operate }) {
      const { topics: present } = await operate<{ topics: { name: string; partitions: number }[] }>(
        'kafka-topics/list',
        {},
      )
      const found = topics.map(({ name }) => present.find(topic => topic.name === name)?.partitions ?? 0)
      return { ok: topics.every(({ partitions }, at) => found[at] === partitions), measured: found.join(' and ') }
    },
  }),
  defineCheck({
    id: 'log.dead-letters',
    claim: 'an event that is none goes to the dead letters with code and hint, and the next one goes on',
    fault: 'dead-letters-refused',
    run: deadLetters,
  }),
  defineCheck({
    id: 'log.schemas',
    claim: 'what stands on the log is valid under its schema',
    fault: 'events-mangled',
    run: schemas,
  }),
]
