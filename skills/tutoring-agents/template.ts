/** The files of a new agent, and the two lists of a source tree that get a line for it. */
export interface AgentTemplate {
  files: Readonly<Record<string, string>>
  /** `text` is inserted right before the first match of `before`, which must be in the file. */
  inserts: readonly { file: string; before: RegExp; text: string }[]
}

const capital = (word: string): string => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`

/**
 * An agent `name` (lower case letters) that answers the questions routed to it and announces each answer in an event of
 * its own.
 */
export function agentTemplate(name: string): AgentTemplate {
  const event = `${name}Answered`
  const schema = 'z.object({ request_id: z.uuid(), text: Message })'
  return {
    files: {
      [`agents/${name}/agent.ts`]: agentSource(name, event),
      [`agents/${name}/agent.test.ts`]: testSource(name),
    },
    inserts: [
      {
        file: 'schemas/words.ts',
        before: /(?<=\nexport const agentNames = \[[^\]]*?),?\s*\] as const/,
        text: `, '${name}'`,
      },
      {
        file: 'schemas/events.ts',
        before: /$/,
        text: `export const ${event} = cloudEvent('${name}.answered', ${schema})\n`,
      },
    ],
  }
}

const agentSource = (name: string, event: string): string => `import { ${event} } from '../../schemas/events.ts'
import { defineAgent } from '../agent.ts'

/** Answers the questions that are put to it. The handler is the place for what the agent ${name} is there for. */
export default defineAgent({
  name: '${name}',
  concurrency: 4,
  answersQuestions: true,
  consumes: {
    'question.routed': async ({ subject, data: { request_id, text }, traceparent }) => {
      const answer = { request_id, text: \`a question of \${text.length} characters\` }
      const answered = ${event}.of(subject, answer, { key: [request_id], source: '/agents/${name}', traceparent })
      return { answer: { request_id, result: answer }, events: [answered] }
    },
  },
})
`

const testSource = (name: string): string => `import { expect, test } from 'vitest'
import { acceptRequest } from '../../api/accept.ts'
import { questionRouted } from '../../schemas/events.ts'
import { learningEvents } from '../../schemas/topics.ts'
import { openStage } from '../test-stage.ts'
import ${name} from './agent.ts'

test('${capital(name)} answers a question once, and tells of it', async () => {
  await using stage = await openStage()
  const { request_id, traceparent } = await stage.history.transaction(async trx =>
    acceptRequest(trx, { student_id: 'ann', kind: 'question', agent: '${name}', traceparent: undefined }),
  )
  const question = { request_id, text: 'Why?', code: null, intent: 'other', confidence: 1, agent: '${name}' } as const
  const event = questionRouted.of('ann', question, { key: [request_id], source: '/api', traceparent })
  await stage.work(${name})
  await stage.log.publish(learningEvents.name, [{ key: 'ann', value: JSON.stringify(event) }])
  await expect.poll(async () => stage.statusOf(request_id), { timeout: 10_000 }).toBe('done')
  const { result } = await stage.history.db.selectFrom('request').select('result').executeTakeFirstOrThrow()
  expect(result).toEqual({ request_id, text: 'a question of 4 characters' })
  const events = await stage.history.db.selectFrom('outbox').select('value').execute()
  const values = events.map(({ value }) => JSON.parse(value))
  expect(values).toMatchObject([{ type: '${name}.answered', data: { request_id } }])
})
`
