import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { plainText } from '../grade/judge.ts'
import { exerciseOf } from '../test-exercise.ts'
import { materialsOf, materialsOn } from './choose-materials.ts'
import { judgeAnswer } from './judge-answer.ts'
import { makeQuiz } from './make-quiz.ts'
import { type Material, programMaterial } from './material.ts'
import { looks } from './outputs.ts'
import { predictOutput } from './predict-output.ts'
import type { Question } from './question.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const within = exerciseOf({
  id: 'within',
  title: 'Within a limit',
  entry: ['within'],
  concepts: ['for-loops', 'lists'],
  reference: 'def within(prices, limit):\n    return [price for price in prices if price <= limit]\n',
  tests: [
    { call: 'within([1, 2, 3], 2)', expect: '[1, 2]' },
    { call: 'within([5, 7], 9)', expect: '[5, 7]' },
    { call: 'within([4], 1)', expect: '[]' },
    { call: 'within([4, 8], 4)', expect: '[4]' },
    { call: 'within([6, 6], 6)', expect: '[6, 6]', hidden: true },
  ],
})
const loop = `def within(prices, limit):
    found = []
    for price in prices:
        if price <= limit:
            found.append(price)
    return found
`
const own = (code: string, right = true): Material => programMaterial(within, { code, own: true, right, owner: 'ann' })
const find = async () => within
const judge = async (question: Question, answer: string) => judgeAnswer(question, answer, { sandbox, find })
const random = () => 0.4
/** What a program prints, run apart from what makes quizzes. */
const printed = async (code: string, stdin: string | null): Promise<string | undefined> => {
  const run = await sandbox.run({ code, stdin: stdin ?? '' })
  return run.ended === 'ok' ? plainText(run.stdout) : undefined
}
const aimOf = ({ text }: Question): string => text.slice(text.indexOf('\n') + 1).split('\nGive their letters')[0] ?? ''

/** Proves the key of a question by runs. */
async function prove(question: Question): Promise<void> {
  const { kind, choices, code, stdin, key } = question
  expect(new Set(choices.map(({ text }) => looks(text))).size, 'no equal choices').toBe(choices.length)
  expect((await judge(question, key.right)).right).toBe(true)
  for (const { label, text } of kind === 'predict_output' || kind === 'multiple_choice' ? choices : []) {
    const isRight = label === key.right
    expect((await judge(question, label)).right).toBe(isRight)
    if (kind === 'predict_output') expect((await printed(code ?? '', stdin)) === text, text).toBe(isRight)
    else {
      const program = code?.includes('____') === true ? code.replace('____', () => text) : `${code}\n${text}\n`
      expect((await printed(program, stdin)) === aimOf(question), program).toBe(isRight)
    }
  }
  if (kind === 'order_lines')
    expect((await judge(question, key.right.split(' ').toReversed().join(''))).right).toBe(false)
  if (kind === 'fix_line') expect((await judge(question, `1: ${code?.split('\n')[0]}`)).right, 'as it is').toBe(false)
}

test('each key is proven by runs, no two choices are alike, all kinds come, and the seed makes the same quiz again', async () => {
  const materials = [own(loop), ...materialsOf([{ exercise: within, code: undefined, own: false, right: false }])]
  const questions = await makeQuiz(materials, { count: 6, seed: 's' }, sandbox)
  expect(questions).toHaveLength(6)
  expect(new Set(questions.map(({ kind }) => kind)).size).toBe(4)
  for (const question of questions) await prove(question)
  expect(await makeQuiz(materials, { count: 6, seed: 's' }, sandbox)).toEqual(questions)
  expect(await makeQuiz(materials, { count: 6, seed: 't' }, sandbox)).not.toEqual(questions)
})

test('concepts alone make a quiz', async () => {
  const questions = await makeQuiz(
    materialsOn(['list-comprehensions', 'while-loops']),
    { count: 4, seed: '1' },
    sandbox,
  )
  expect(questions).toHaveLength(4)
  for (const question of questions) await prove(question)
})

test.each(['sets', 'files', 'random'])('%s: what may vary is asked about where it does not', async id => {
  const questions = await makeQuiz(materialsOn([id]), { count: 5, seed: '1' }, sandbox)
  expect(new Set(questions.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(2)
  for (const question of questions) {
    await prove(question)
    expect(question.concept).toBe(id)
  }
})

const only = async (kind: Question['kind'], material: Material): Promise<Question> => {
  const questions = await makeQuiz([material], { count: 4, seed: '2' }, sandbox)
  const found = questions.find(question => question.kind === kind)
  if (found === undefined) throw new Error(`no ${kind}`)
  return found
}

test('any order of the lines that passes is right, and so is any line', async () => {
  const swapped = own(
    'def within(prices, limit):\n    found = []\n    low = limit\n    for price in prices:\n        if price <= low:\n            found.append(price)\n    return found\n',
  )
  const order = await only('order_lines', swapped)
  const labels = order.key.right.split(' ')
  const [head, first, second, ...rest] = labels
  expect(await judge(order, [head, second, first, ...rest].join(','))).toMatchObject({ right: true })
  expect(await judge(order, labels.slice(0, -1).join(' '))).toMatchObject({ right: false })
  const fix = await only('fix_line', own(loop))
  const [number] = fix.key.right.split(':')
  const line = fix.key.right.slice(3)
  expect(await judge(fix, `${number}:   ${line}  # mended`)).toMatchObject({ right: true })
  expect(await judge(fix, `${number}: ${line} +`)).toMatchObject({ right: false, right_answer: fix.key.right })
})

test('an answer of another form is told so, not judged', async () => {
  const [order, fix] = [await only('order_lines', own(loop)), await only('fix_line', own(loop))]
  const output = await only('predict_output', own(loop))
  for (const [question, answers] of [
    [output, ['', 'z', 'ab', 'B or C']],
    [order, ['z', 'a a b']],
    [fix, ['found = []', '99: x', '2: x\ny']],
  ] as const)
    for (const answer of answers)
      await expect(judge(question, answer), answer).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  expect(await judge(output, ` ${output.key.right.toUpperCase()}) `)).toMatchObject({ right: true })
})

test.each([
  ['it never ends', 'def within(prices, limit):\n    while True: pass\n'],
  ['it never loads', 'while True:\n    pass\n'],
  ['it floods', 'print("x" * 10_000_000)\n'],
  ['it draws numbers', 'import random\nprint(random.random())\n'],
  ['it shows addresses', 'class A: pass\nprint(A())\n'],
  ['it shows sets of texts', 'print({"a", "b"})\n'],
  ['it does not parse', 'def within(:\n'],
  ['it says nothing', 'def within(prices, limit):\n    pass\n'],
  ['it is too long', `${'x = 1\n'.repeat(60)}print(x)\n`],
  ['it is not right, though it was said to be', 'def within(prices, limit):\n    return prices\n'],
])('%s: no question of it claims what is not so', async (_, code) => {
  for (const question of await makeQuiz([own(code)], { count: 4, seed: '3' }, sandbox)) {
    expect(['predict_output', 'multiple_choice']).toContain(question.kind)
    await prove(question)
  }
})

test('what a program leaves behind for another run is in no key', async () => {
  const kept =
    'import builtins\nbuiltins.runs = getattr(builtins, "runs", 0) + 1\ntotal = builtins.runs * 2\nprint(total + 1)\nprint(total - 1)\n'
  const question = await predictOutput({ ...own(kept), ways: [{ call: undefined, stdin: '' }] }, random, sandbox)
  if (question !== undefined) await prove(question)
  expect(question?.choices.find(({ label }) => label === question.key.right)?.text ?? '3\n1').toBe('3\n1')
})
