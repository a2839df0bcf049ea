import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { ApiClient } from '../../../api/client.ts'
import { AssignmentRequest } from '../../../schemas/api-classes.ts'
import { maxWished, WishedExercises } from '../../../schemas/api-wishes.ts'
import { ClassId, text } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { author } from '../../tutoring/authoring.ts'
import { callerAsStaff } from '../../tutoring/client.ts'
import { teacher } from '../../tutoring/fields.ts'
import { dueWords } from '../due.ts'

const wish = defineScript({
  about: 'Makes proven exercises for a wish; `assign --undo` takes one back.',
  effect: 'changes',
  needs: ['platform'],
  quotes: true,
  input: z.object({
    wish: text(1, 500).describe('easy ones on loops').meta({ positional: true }),
    assign: ClassId.optional().describe('to this class'),
    due: AssignmentRequest.shape.due.unwrap().unwrap().optional().describe('ISO time'),
    count: z.int().min(1).max(maxWished).optional().describe('at most'),
    seed: text(1, 64).optional().describe('for others'),
    teacher,
  }),
  output: WishedExercises,
  async run({ wish: words, assign, due, count, seed, teacher: name }, { config, dryRun, line }) {
    const { client } = await callerAsStaff(config, name, assign === undefined ? [] : [assign])
    const body = {
      text: words,
      ...(assign === undefined ? {} : { class_id: assign }),
      ...(seed === undefined ? {} : { seed }),
    }
    const proven = await oneByOne(client, body, count, line)
    const found = proven.exercises.length
    if (found === 0) return { changed: 0, summary: noneOf(proven), data: proven }
    const summary = summaryOf(proven)
    if (assign === undefined) return { changed: 0, summary, data: proven }
    const until = due === undefined ? null : new Date(due).toISOString()
    const wanted = proven.exercises.filter(
      ({ assignment }) => assignment === null || (until !== null && assignment.due !== until),
    )
    if (wanted.length === 0)
      return { changed: 0, summary: `${summary}, assigned to ${assign} already; --seed 2 for others`, data: proven }
    const told = `${summary}, assigned to ${assign}, ${dueWords(until)}`
    const plan = wanted.map(({ id }) => `assign ${id} to ${assign}, ${dueWords(until)}`)
    if (dryRun) return { changed: wanted.length, summary: told, data: proven, plan }
    const data = await ask(
      client,
      { ...body, count: found, assign: true, due: until },
      { 'idempotency-key': randomUUID() },
    )
    return { changed: wanted.length, summary: told, data, plan }
  },
})

const ask = async (
  client: ApiClient,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<WishedExercises> =>
  WishedExercises.parse(await author(client, 'POST', '/api/v1/exercises/wishes', body, headers))

/** Asks for one more each time, because proofs take long and are kept: every exercise is told as soon as it is proven. */
async function oneByOne(
  client: ApiClient,
  body: Record<string, unknown>,
  count: number | undefined,
  line: (text: string) => void,
): Promise<WishedExercises> {
  for (let number = 1; ; number += 1) {
    const data = await ask(client, { ...body, count: number })
    const newest = data.exercises[number - 1]
    if (newest === undefined) return data
    const { id, level, title, template, statement } = newest
    for (const part of [
      `${id}  ${level}  ${title}  ${template === null ? 'bank' : 'made'}`,
      ...statement.trim().split('\n'),
    ])
      line(part)
    if (number === (count ?? data.wish.count)) return data
  }
}

function summaryOf({ exercises: { length }, wish: { topics, level } }: WishedExercises): string {
  const on = topics.length === 0 ? '' : ` on ${topics.join(' and ')}`
  return `${length} proven ${level === null ? '' : `${level} `}exercise${length === 1 ? '' : 's'}${on}`
}

function noneOf(data: WishedExercises): string {
  const { nearest, wish: wished } = data
  const unknown = wished.unknown.length === 0 ? '' : `: no topic is called ${wished.unknown.join(', ').slice(0, 60)}`
  const near = nearest.slice(0, 2).map(({ topic, levels }) => `${topic} (${levels.join(', ')})`)
  return `none that is proven${unknown}${near.length === 0 ? '' : `; nearest: ${near.join(', ')}`}`
}
export default wish
if (import.meta.main) await runAsMain(import.meta, wish)
