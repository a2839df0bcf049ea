import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({})
afterAll(async () => stack[Symbol.asyncDispose]())

const wrong = 'def square(n):\n    return n + n\n'

/** What a student is answered by the agent, or by whom triage finds. */
async function ask(student: string, text: string, { code, agent }: { code?: string; agent?: string } = {}) {
  const path = agent === undefined ? '/api/v1/triage' : `/api/v1/agents/${agent}/process`
  const { body } = await stack.call('POST', path, {
    token: tokenFor(student),
    body: { text, ...(code === undefined ? {} : { code }) },
    headers: { prefer: 'wait=30' },
  })
  return body
}

async function handIn(student: string, code: string) {
  const { body } = await stack.call('POST', '/api/v1/submissions', {
    token: tokenFor(student),
    body: { exercise_id: 'square', code },
    headers: { 'idempotency-key': code.slice(0, 60).replaceAll(/\W+/g, '-'), prefer: 'wait=30' },
  })
  return body.grade.verdict
}

test('a concept is explained at the level of the student, a comparison and an unknown topic are told as such', async () => {
  const told = await ask('ann', 'What is a list comprehension?')
  expect(told).toMatchObject({
    agent: 'concepts',
    status: 'done',
    result: {
      topic: { kind: 'concept' },
      level: 'beginner',
      text: expect.stringMatching(/comprehension[^]*it prints:/i),
    },
  })
  for (const id of told.result.exercises) expect(stack.bank.get(id).id).toBe(id)
  expect((await ask('ann', 'list or tuple?', { agent: 'concepts' })).result).toMatchObject({
    topic: { kind: 'comparison' },
  })
  expect((await ask('ann', 'What is quantum entanglement?', { agent: 'concepts' })).result).toMatchObject({
    topic: null,
    exercises: [],
    text: expect.stringMatching(/^There is no explanation of that here\./),
  })
})

test('an error that a sentence names is explained, unless what was handed in last shows why', async () => {
  const text = 'i keep getting IndexError: list index out of range. what is that?'
  expect((await ask('ida', text, { agent: 'debug' })).result).toMatchObject({
    class: 'index-past-end',
    submitted: false,
    text: expect.stringContaining('list'),
  })
  const named = (await ask('ida', 'what does ZeroDivisionError mean', { agent: 'debug' })).result
  expect(named).toMatchObject({ class: 'division-by-zero', line: null })
  expect(named.text).toMatch(/^ZeroDivisionError means: a division by zero\. Send the program/)
  expect(await handIn('ida', 'def square(number):\n    return number ** 2\n')).toBe('passed')
  expect((await ask('ida', text, { agent: 'debug' })).result).toMatchObject({ class: 'index-past-end' })
  expect(await handIn('ida', wrong)).toBe('failed')
  expect((await ask('ida', text, { agent: 'debug' })).result).toMatchObject({ verdict: 'failed', submitted: true })
})

test('"why?" goes by what was asked before, and a topic of its own does not', async () => {
  const first = await ask('fay', 'list or tuple?', { agent: 'concepts' })
  const more = await ask('fay', 'why?', { agent: 'concepts' })
  expect(more.result.topic).toEqual(first.result.topic)
  expect((await ask('fay', 'What is quantum foam?', { agent: 'concepts' })).result).toMatchObject({ topic: null })
})

test('who is further is told more about the same', async () => {
  const { db } = stack.ports.history
  const about = { mastery: 80, level: 'Proficient', components: '{}', bank_version: '1', computed_at: new Date() }
  await db
    .insertInto('mastery')
    .values({ student_id: 'pro', module: 'data-structures', ...about })
    .execute()
  const [pro, ann] = [
    await ask('pro', 'What is a list comprehension?'),
    await ask('ann', 'What is a list comprehension?'),
  ]
  expect([pro.result.level, ann.result.level]).toEqual(['proficient', 'beginner'])
  expect(pro.result.text).not.toBe(ann.result.text)
})

test('a program in a message is explained: one that Python cannot read, one that ends in an error, one without either', async () => {
  const broken = 'for x in [1, 2]\n    print(x)'
  expect((await ask('ann', `Why does this not work?\n\`\`\`python\n${broken}\n\`\`\``)).result).toMatchObject({
    class: 'colon-missing-for',
    line: 1,
    exercise_id: null,
    text: expect.stringContaining('put in ":"'),
  })
  const raising = 'xs = [1, 2, 3]\nprint(xs[3])'
  const raised = await ask('ann', 'I get an error, help', { agent: 'debug', code: raising })
  expect(raised.result).toMatchObject({ line: 2, text: expect.stringContaining('IndexError') })
  const typed = await ask('ann', 'What is wrong?', { agent: 'debug', code: 'n = int(input())\nprint(n / 0)' })
  expect(typed.result).toMatchObject({ line: 2, text: expect.stringContaining('ZeroDivisionError') })
  expect((await ask('ann', 'What is wrong?', { agent: 'debug', code: 'print(1)' })).result).toMatchObject({
    class: 'none',
    text: expect.stringContaining('runs to its end'),
  })
})

test('an error message alone is explained, and nothing at all asks for the program', async () => {
  const traceback = `Traceback (most recent call last):\n  File "main.py", line 3, in <module>\n    print(totl)\nNameError: name 'totl' is not defined. Did you mean: 'total'?`
  const told = await ask('bea', `what does this mean\n${traceback}`, { agent: 'debug' })
  expect(told.result).toMatchObject({ line: 3, text: expect.stringContaining('totl') })
  expect((await ask('bea', 'it does not work', { agent: 'debug' })).result).toMatchObject({
    verdict: null,
    text: expect.stringMatching(/^Send the program/),
  })
})

test('a program for an exercise is told which test fails, and no line of a solution', async () => {
  expect(await handIn('cem', wrong)).toBe('failed')
  const last = await ask('cem', 'Why does my program fail?', { agent: 'debug' })
  expect(last.result).toMatchObject({ exercise_id: 'square', submitted: true, verdict: 'failed', expected: '9' })
  expect(last.result.text).toMatch(/Your last program for .* does not pass: failed\.\nFor square\(/)
  expect(last.result.text).not.toMatch(/n \* n|n \*\* 2/)
  const raising = 'def square(n):\n    return n[0] * n\n'
  const told = await ask('cem', 'and this?', { agent: 'debug', code: raising })
  expect(told.result).toMatchObject({
    exercise_id: 'square',
    submitted: false,
    line: 2,
    text: expect.stringContaining('TypeError'),
  })
  expect(told.result.text).not.toContain('n * n')
  const right = stack.bank.get('square').reference
  expect((await ask('cem', 'is it right?', { agent: 'debug', code: right })).result).toMatchObject({
    verdict: 'passed',
  })
})

test('a program is reviewed: the one sent, else the one handed in last, and only the own', async () => {
  expect((await ask('dan', 'Review my code please', { agent: 'review' })).result).toMatchObject({ review: null })
  const code = 'def f(a):\n    if a == True:\n        return True\n    else:\n        return False\n'
  const sent = await ask('dan', 'Can you review this?', { code, agent: 'review' })
  expect(sent.result).toMatchObject({ submitted: false, exercise_id: null })
  expect(sent.result.review.findings.length).toBeGreaterThan(0)
  expect(await handIn('dan', 'def square(n):\n    result = n * n\n    return result\n')).toBe('passed')
  expect((await ask('dan', 'Review it', { agent: 'review' })).result).toMatchObject({
    submitted: true,
    exercise_id: 'square',
    text: expect.stringMatching(/^Your last program for square: /),
  })
  expect((await ask('eve', 'Review it', { agent: 'review' })).result).toMatchObject({ review: null })
})

test('two intents in one message are both answered, the likelier first', async () => {
  const text = `What is a tuple? Also my program fails:\nTraceback (most recent call last):\n  File "a.py", line 1, in <module>\n    print(x)\nNameError: name 'x' is not defined`
  const told = await ask('ann', text)
  expect(new Set([told.agent, told.result.also])).toEqual(new Set(['concepts', 'debug']))
  expect(told.result.text).toMatch(/tuple/i)
  expect(told.result.text).toContain('NameError')
})
