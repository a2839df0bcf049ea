import { expect, test } from 'vitest'
import { questionAsked } from '../../schemas/events.ts'
import { learningEvents } from '../../schemas/topics.ts'
import { acceptRequest } from '../../api/accept.ts'
import type { AgentDefinition } from '../agent.ts'
import { agentDirectory } from '../agents.ts'
import { answerer, openStage, type Stage } from '../test-stage.ts'
import triage from './agent.ts'

const soon = { interval: 20 }

/** Stores a question that triage did not answer in time, as the API does, and returns what became of it. */
async function asked(stage: Stage, deployed: readonly AgentDefinition[], text: string) {
  const { history, log } = stage
  const { request_id, traceparent } = await history.transaction(async trx =>
    acceptRequest(trx, { student_id: 'ann', kind: 'question', agent: 'triage', traceparent: undefined }),
  )
  const event = questionAsked.of(
    'ann',
    { request_id, text, code: null },
    { key: [request_id], source: '/api', traceparent },
  )
  await log.publish(learningEvents.name, [{ key: 'ann', value: JSON.stringify(event) }])
  stage.ports.agents = agentDirectory(deployed)
  await stage.work(triage)
  const inbox = async () => (await history.db.selectFrom('inbox').select('state').execute()).map(row => row.state)
  await expect.poll(inbox, soon).toEqual(['done'])
  const request = await history.db
    .selectFrom('request')
    .selectAll()
    .where('request_id', '=', request_id)
    .executeTakeFirstOrThrow()
  const events = (await history.db.selectFrom('outbox').select('value').execute()).map(
    ({ value }) => JSON.parse(value) as Record<string, unknown>,
  )
  return { request_id, request, events }
}

test('a question that waited is routed to the agent that answers it, and its request stays open there', async () => {
  await using stage = await openStage()
  const { request_id, request, events } = await asked(
    stage,
    [triage, answerer('concepts')],
    'What is a list comprehension?',
  )
  expect(request).toMatchObject({ agent: 'concepts', status: 'queued', finished_at: null })
  expect(events).toMatchObject([
    { type: 'question.routed', subject: 'ann', data: { request_id, agent: 'concepts', intent: 'concepts' } },
  ])
})

test('a question for an agent that is not deployed comes to its end, and says so', async () => {
  await using stage = await openStage()
  const { request, events } = await asked(stage, [triage], 'What is a list comprehension?')
  expect(request).toMatchObject({ status: 'done', result: { code: 'AGENT_ABSENT', agent: 'concepts', answer: null } })
  expect(events).toEqual([])
})
