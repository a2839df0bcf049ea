import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { questionRouted } from '../schemas/events.ts'
import { agentNames } from '../schemas/words.ts'
import { defineAgent, isFor } from './agent.ts'
import { agentDirectory, loadAgents } from './agents.ts'
import { invocable } from './invocation.ts'
import { answerer } from './test-stage.ts'
import { answers, unroutedReason } from './triage/answerable.ts'

test('every agent folder is in the list of built agents, and every agent of the list has its folder', async () => {
  const folders = readdirSync(import.meta.dirname).filter(name =>
    existsSync(join(import.meta.dirname, name, 'agent.ts')),
  )
  expect(folders.toSorted()).toEqual([...agentNames].toSorted())
  expect((await loadAgents()).map(({ name }) => name)).toEqual(agentNames)
})

test('a question is work of the agent that it was routed to, and of no other that answers questions', () => {
  const data = { text: 'Why?', code: null, intent: 'debug', confidence: 1, agent: 'debug' } as const
  const event = questionRouted.of(
    'ann',
    { request_id: crypto.randomUUID(), ...data },
    { key: ['one'], source: '/agents/triage' },
  )
  expect(['debug', 'review'].map(name => isFor(answerer(name as 'debug' | 'review'), event))).toEqual([true, false])
})

test('an agent that says it answers questions and consumes none is refused, and the other way round', () => {
  const { consumes } = answerer('debug')
  const broken = { name: 'debug', concurrency: 1 } as const
  expect(() => defineAgent({ ...broken, answersQuestions: true, consumes: {} })).toThrow(/question\.routed/)
  expect(() => defineAgent({ ...broken, consumes })).toThrow(/question\.routed/)
})

test('what is said of a question for an agent follows from its definition and from whether it runs', async () => {
  const directory = agentDirectory(await loadAgents())
  directory.set('concepts', false)
  expect((['debug', 'exercise', 'concepts'] as const).map(name => answers(name, directory))).toEqual([
    true,
    true,
    false,
  ])
  directory.set('exercise', false)
  expect(unroutedReason('exercise', directory)).toMatchObject({
    code: 'AGENT_ABSENT',
    hint: expect.stringMatching(/POST \/api\/v1\/submissions/),
  })
  expect(unroutedReason('concepts', directory)).toMatchObject({
    code: 'AGENT_ABSENT',
    hint: expect.stringMatching(/concepts is not deployed/),
  })
  directory.set('debug', false)
  expect(answers('debug', directory)).toBe(false)
  expect(unroutedReason('debug', directory)).toMatchObject({ code: 'AGENT_ABSENT' })
})

test('a stopped agent does not answer by invocation, and says how to start it', async () => {
  const agents = await loadAgents()
  const directory = agentDirectory(agents)
  const route = invocable(agents, directory)['triage']?.['route']
  expect(route?.({ text: 'What is a list?' })).toMatchObject({ agent: 'concepts' })
  directory.set('triage', false)
  expect(() => route?.({ text: 'What is a list?' })).toThrow(
    expect.objectContaining({ code: 'DEPENDENCY_DOWN', hint: 'learnflow tutoring-agents deploy triage' }),
  )
})
