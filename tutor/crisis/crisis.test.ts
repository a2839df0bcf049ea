import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { crisisAnswer } from './crisis.ts'

const lines = readFileSync(new URL('examples.txt', import.meta.url), 'utf8').split('\n')
const marked = (mark: string): string[] =>
  lines.filter(line => line.startsWith(`${mark} `)).map(line => line.slice(mark.length + 1))
const isCrisis = (text: string): boolean => crisisAnswer(text, 'Call Ann.') !== undefined

test('the sentences it was made by are told apart', () => {
  expect(marked('+').filter(text => !isCrisis(text))).toEqual([])
  expect(marked('-').filter(isCrisis)).toEqual([])
})

test('of the sentences held out nine of ten people are noticed, with two false alarms in a hundred', () => {
  const [people, others] = [marked('+?'), marked('-?')]
  expect(people.filter(isCrisis).length / people.length).toBeGreaterThanOrEqual(0.9)
  expect(others.filter(isCrisis).length / others.length).toBeLessThanOrEqual(0.02)
})

test('each language that triage knows has phrases and an answer, and examples in its script', () => {
  const keys = (file: string): string[] => Object.keys(parse(readFileSync(new URL(file, import.meta.url), 'utf8')))
  const spoken = keys('phrases.yaml')
  expect(keys('../message/languages.yaml').filter(tag => !spoken.includes(tag.split('-')[0] ?? ''))).toEqual([])
  const people = [...marked('+'), ...marked('+?')]
  for (const script of [
    'Arabic',
    'Devanagari',
    'Bengali',
    'Tamil',
    'Greek',
    'Hebrew',
    'Thai',
    'Cyrillic',
    'Han',
    'Hangul',
  ])
    expect(people.filter(text => new RegExp(`\\p{Script=${script}}`, 'u').test(text)).length, script).toBeGreaterThan(4)
  expect(crisisAnswer('أريد أن أموت', '123')).toMatch(/لست وحدك.*123/)
  expect(crisisAnswer('Quero tirar minha própria vida', '188')).toMatch(/Sinto muito.*188/)
})

test('the answer is in the language of the message, names the contact, and no code or quotation causes it', () => {
  expect(crisisAnswer('Ich will sterben', 'Ruf Ann an: $&.')).toMatch(/tut mir leid.* Ruf Ann an: \$&\./)
  expect(crisisAnswer('i want to die\nx = 1', 'Call Ann.')).toMatch(/I am sorry.* Call Ann\./)
  expect(crisisAnswer('suicide', 'Call Ann.')).toMatch(/I am sorry/)
  expect(crisisAnswer('je pense au suicide', 'Call Ann.')).toMatch(/Je suis désolé/)
  for (const text of [
    'print("I want to die")',
    'my bot says "i want to kill myself", why?',
    '',
    '🙂',
    'x'.repeat(100_000),
  ])
    expect(crisisAnswer(text, 'Call Ann.')).toBeUndefined()
})
