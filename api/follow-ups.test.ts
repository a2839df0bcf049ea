import { afterAll, expect, test } from 'vitest'
import { answerer } from '../agents/test-stage.ts'
import { startStack, tokenFor } from './test-stack.ts'
import { talkWith } from './test-talk.ts'

const idle = await startStack({ working: false, agents: [answerer('concepts'), answerer('debug'), answerer('review')] })
const working = await startStack()
afterAll(async () => Promise.all([idle, working].map(async stack => stack[Symbol.asyncDispose]())))

const [quiet, talk] = [talkWith(idle, { waits: false }), talkWith(working, { waits: true })]
const doubled = 'def square(n):\n    return n + n\n'

test('follow-ups go to the agent of their conversation, by what was handed in last, or else by the last question', async () => {
  const token = tokenFor('ann')
  const [one, other] = [await quiet.begin(token), await quiet.begin(token)]
  const agentOf = async (text: string, conversation_id?: string, code?: string) =>
    (await quiet.say(token, { text, ...(conversation_id === undefined ? {} : { conversation_id }), code })).body.agent
  expect(await agentOf('What is a list comprehension?', one)).toBe('concepts')
  expect(await agentOf('Can you review the style of my code?', other, 'x=1')).toBe('review')
  expect(await agentOf('why?', one)).toBe('concepts')
  expect(await agentOf('why?', other)).toBe('review')
  // What another student asked is not what went before.
  await idle.ports.history.db
    .insertInto('request')
    .values({
      request_id: crypto.randomUUID(),
      student_id: 'bob',
      kind: 'question',
      agent: 'debug',
      traceparent: 'x',
    })
    .execute()
  expect(await agentOf('and now?'), 'without a conversation: the question before').toBe('review')
  expect(await agentOf('what about dicts?', one)).toBe('concepts')
  expect((await quiet.say(token, { text: 'ok, thanks!', conversation_id: one })).body).toMatchObject({
    agent: null,
    hint: 'Ask on whenever you like.',
  })
  expect(await agentOf('tell me more', one), 'who thanked goes on with the same').toBe('concepts')
  await idle.submit(token, { exercise_id: 'square', code: doubled })
  expect(await agentOf('and now?', one), 'not graded: the exercise goes on').toBe('exercise')
  expect(await agentOf('what is a tuple?', one), 'a message with a content of its own').toBe('concepts')
})

test('a follow-up carries the program and the exercise that it is about, and what was said before', async () => {
  const token = tokenFor('cat')
  const conversation_id = await quiet.begin(token)
  const last = async () =>
    JSON.parse(
      (
        await idle.ports.history.db
          .selectFrom('outbox')
          .select('value')
          .where('key', '=', 'cat')
          .orderBy('outbox_id', 'desc')
          .limit(1)
          .executeTakeFirstOrThrow()
      ).value,
    ).data
  await quiet.say(token, { text: 'Why does unique dates raise a KeyError?', code: 'd[1]', conversation_id })
  expect(await last()).toMatchObject({ code: 'd[1]', context: { last_agent: null, last_text: null } })
  await quiet.say(token, { text: 'why?', conversation_id })
  expect(await last()).toMatchObject({
    agent: 'debug',
    code: 'd[1]',
    context: { last_agent: 'debug', last_text: 'Why does unique dates raise a KeyError?' },
  })
  await quiet.say(token, { text: 'but why?', conversation_id })
  expect(await last(), 'also after another that says nothing').toMatchObject({
    code: 'd[1]',
    context: { last_text: 'Why does unique dates raise a KeyError?' },
  })
  await quiet.say(token, { text: 'go on' })
  expect(await last(), 'without a conversation, too').toMatchObject({
    code: 'd[1]',
    context: { last_text: 'Why does unique dates raise a KeyError?' },
  })
  await quiet.say(token, { text: 'What is a KeyError in general?', conversation_id })
  expect(await last(), 'a question of its own has no program of another').toMatchObject({ code: null })
})

test('who asks for a hint gets the next one of the exercise, a step each time', async () => {
  const token = tokenFor('dan')
  const conversation_id = await talk.begin(token)
  const ask = async (text: string, more = {}) => (await talk.say(token, { text, conversation_id, ...more })).body
  expect((await ask('hint')).result?.level, 'no exercise is known').toBeUndefined()
  expect((await ask('a hint for the exercise square')).result).toMatchObject({
    level: null,
    text: expect.stringContaining('handed nothing in for square'),
  })
  await working.submit(token, { exercise_id: 'square', code: doubled }, { prefer: 'wait=20' })
  const first = await ask('hint please')
  expect(first).toMatchObject({ agent: 'debug', status: 'done', result: { exercise_id: 'square', level: 1, next: 2 } })
  expect((await ask("I'm stuck, another hint?")).result).toMatchObject({ level: 2 })
  const path = '/api/v1/exercises/square/hints'
  expect((await working.call('POST', path, { token, body: {} })).body, 'the same ladder').toMatchObject({ level: 3 })
  const direct = { token, body: { text: 'hint' }, headers: { prefer: 'wait=20' } }
  expect((await working.call('POST', '/api/v1/agents/exercise/process', direct)).body.result).toMatchObject({
    level: 4,
  })
  expect((await ask('hint', { code: 'def square(n):\n    print(n)\n' })).result).toMatchObject({ level: 1 })
  const all = await Promise.all(Array.from({ length: 3 }, async () => ask('next hint')))
  expect(new Set(all.map(({ result }) => result.level))).toEqual(new Set([1, 2, 3]))
  expect((await talk.read(token, conversation_id)).said).toHaveLength(8)
})

test('a hint that is asked for again with the same key is the same', async () => {
  const token = tokenFor('leo')
  await working.submit(token, { exercise_id: 'square', code: doubled }, { prefer: 'wait=20' })
  const hint = async (key: string) => {
    const headers = { prefer: 'wait=20', 'idempotency-key': key }
    return (await working.call('POST', '/api/v1/triage', { token, body: { text: 'hint' }, headers })).body.result.level
  }
  expect([await hint('a'), await hint('a'), await hint('b')]).toEqual([1, 1, 2])
})

test('a hint is about the exercise that is named, or its number, or that was offered last, and can be read again', async () => {
  const token = tokenFor('kim')
  const conversation_id = await talk.begin(token)
  const ask = async (text: string) => (await talk.say(token, { text, conversation_id })).body.result
  expect(await ask('a hint for exercise 1')).toMatchObject({
    level: null,
    text: expect.stringContaining('no assignment 1'),
  })
  const { db } = working.ports.history
  await db.insertInto('class_member').values({ class_id: 'k', student_id: 'kim', joined_at: new Date() }).execute()
  const teacher = tokenFor('tom', 'teacher', { classes: ['k'] })
  for (const exercise_id of ['zoo-ticket', 'square', 'first-frost'])
    await working.call('POST', '/api/v1/assignments', { token: teacher, body: { class_id: 'k', exercise_id } })
  await working.submit(token, { exercise_id: 'square', code: doubled }, { prefer: 'wait=20' })
  const { exercise_id } = await ask('another exercise please')
  expect(exercise_id).not.toBe('square')
  expect(await ask('hint')).toMatchObject({ exercise_id, level: null })
  const first = await ask('hint for exercise 2')
  expect(first).toMatchObject({ exercise_id: 'square', level: 1 })
  expect(await ask('hint again')).toMatchObject({ exercise_id: 'square', level: 2 })
  expect(await ask('repeat the last hint please')).toMatchObject({ exercise_id: 'square', level: 2 })
  expect(await ask('a hint for the second assignment')).toMatchObject({ exercise_id: 'square', level: 3 })
  expect(await ask('hint for exercise 3')).toMatchObject({ exercise_id: 'first-frost', level: null })
  await ask('another exercise please')
  const spokenOf = async (text: string) => {
    await talk.say(token, { text, conversation_id })
    const turns = db.selectFrom('turn').select('exercise_id').where('conversation_id', '=', conversation_id)
    return (await turns.orderBy('place', 'desc').limit(1).executeTakeFirstOrThrow()).exercise_id
  }
  for (const text of ['My third question: why does it fail?', 'The 3rd task was fun, why does it fail?'])
    expect(await spokenOf(text), text).not.toBe('first-frost')
  const why = await ask('Why does my program fail?')
  expect(why, 'the one that was handed in').toMatchObject({ exercise_id: 'square', submitted: true })
  expect(await spokenOf('exercise 3')).toBe('first-frost')
})

test('who asks on is told the next part of the topic, never the same again, and at last that there is none', async () => {
  const token = tokenFor('ida')
  const conversation_id = await talk.begin(token)
  for (const more of [{ conversation_id }, {}]) {
    const told: string[] = []
    const on = async (text: string) => {
      const { result } = (await talk.say(token, { text, ...more })).body
      if (!result.text.startsWith('There is no')) expect(told, text).not.toContain(result.text)
      told.push(result.text)
      return result
    }
    const topic = { id: 'tuples' }
    expect(await on('What is a tuple?')).toMatchObject({ topic, told: ['beginner', 'belief 0'], further: false })
    expect(await on('why?')).toMatchObject({ topic, told: ['learning'], level: 'learning', further: true })
    expect(await on('another example')).toMatchObject({ topic, told: ['example proficient'] })
    expect(await on('tell me more')).toMatchObject({ topic, told: ['proficient'], level: 'proficient' })
    for (const [text, none] of [
      ['and then?', 'There is nothing further on that'],
      ["I still don't get it", 'There is no other way to say that'],
      ['simpler please', 'There is nothing simpler on that'],
      ['more examples', 'There is no other example of that'],
    ] as const)
      expect(await on(text)).toMatchObject({ topic, told: [], text: expect.stringContaining(`${none} here`) })
    expect((await talk.say(token, { text: 'what about dicts?', ...more })).body.result).toMatchObject({
      topic: { id: 'dictionaries' },
    })
    expect((await talk.say(token, { text: 'why?', ...more })).body.result).toMatchObject({
      topic: { id: 'dictionaries' },
    })
  }
})

test('who did not understand a loop is shown its values, then how others go wrong', async () => {
  const token = tokenFor('jo')
  const ask = async (text: string) => (await talk.say(token, { text })).body.result
  const { db } = working.ports.history
  const about = { mastery: 80, level: 'Proficient', components: '{}', bank_version: '1', computed_at: new Date() }
  await db
    .insertInto('mastery')
    .values({ student_id: 'jo', module: 'control-flow', ...about })
    .execute()
  const first = await ask('What is a while loop?')
  expect(first).toMatchObject({ level: 'proficient' })
  const rest = []
  for (const text of ['simpler', 'simpler', "I still don't get it"]) rest.push((await ask(text)).told[0])
  expect(rest.slice(0, 2)).toEqual(['learning', 'beginner'])
  expect(first.told.concat(rest)).toContain('steps')
})
