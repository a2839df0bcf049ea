import { expect, test } from 'vitest'
import { answerer } from '../agents/test-stage.ts'
import { startStack, tokenFor } from './test-stack.ts'

const [ann, teacher] = [tokenFor('ann'), tokenFor('tess', 'teacher', { classes: ['py1'] })]
const body = { text: 'I failed again, I want to kill myself' }

test('a person in a crisis is answered at once by any door for questions, and nothing of it is kept', async () => {
  await using stack = await startStack({
    working: false,
    agents: [answerer('concepts')],
    settings: { LEARNFLOW_CRISIS_CONTACT: 'Call Ann: 555.' },
  })
  for (const path of ['/api/v1/triage', '/api/v1/agents/triage/process', '/api/v1/agents/concepts/process'])
    expect(await stack.call('POST', path, { token: ann, body })).toMatchObject({
      status: 200,
      body: { agent: null, route: null, answer: expect.stringContaining('Call Ann: 555.'), code: 'CRISIS' },
    })
  expect(await stack.ports.history.db.selectFrom('request').selectAll().execute()).toEqual([])
})

test('the teachers of a class are told only where that is switched on, and never the text', async () => {
  await using stack = await startStack({ working: false, settings: { LEARNFLOW_CRISIS_ALERT: 'on' } })
  const { db } = stack.ports.history
  await db.insertInto('class_member').values({ class_id: 'py1', student_id: 'ann', joined_at: new Date() }).execute()
  expect(await stack.call('POST', '/api/v1/triage', { token: ann, body })).toMatchObject({ body: { code: 'CRISIS' } })
  const [row] = await db.selectFrom('request').selectAll().execute()
  expect(row).toMatchObject({ student_id: 'ann', status: 'done', result: { code: 'CRISIS' }, event: null })
  const alerts = await stack.call('GET', '/api/v1/classes/py1/alerts', { token: teacher })
  expect(alerts.body).toMatchObject({ alerts: [{ student_id: 'ann', reason: 'crisis', evidence: [row?.request_id] }] })
  expect(JSON.stringify(alerts.body)).not.toContain('kill')
})
