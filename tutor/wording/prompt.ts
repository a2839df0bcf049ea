import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Brief, maxWordsOf } from './brief.ts'
import { givesOrders } from './orders.ts'

const instructions = readFileSync(join(import.meta.dirname, 'instructions.md'), 'utf8')
/** Facts that are longer are left out: the answer says what matters of them. */
const maxFacts = 8_000
const maxOfStudent = 6_000

const levels: Readonly<Record<number, string>> = {
  1: 'This is a nudge: ask one question; name neither the place nor the cause, and show no code.',
  2: 'This hint says where to look and no more: do not say what is wrong there, and show no code.',
  3: 'This hint says what is wrong; do not show how to write it.',
  4: 'This hint shows the change as code.',
}

/**
 * What a model is asked: our instructions, with a mark that no answer may hold, and the rest as JSON, which no text
 * gets out of. What a student wrote is left out where it gives orders.
 */
export function promptOf(brief: Brief, canary: string): { instructions: string; data: string } {
  const values: Readonly<Record<string, string>> = {
    canary,
    words: String(maxWordsOf(brief)),
    level: brief.level === null ? 'This is an answer to a question.' : (levels[brief.level] ?? ''),
    code: brief.ownPrograms
      ? 'A program that you add must run as it stands and be followed by a fence with exactly what it prints.'
      : 'Add no code.',
  }
  const facts = JSON.stringify(brief.facts) ?? ''
  const student = [brief.message, brief.code ?? '']
  const shown = student.some(givesOrders) ? [] : student.map(text => text.slice(0, maxOfStudent))
  return {
    instructions: instructions.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? ''),
    data: JSON.stringify({
      answer: brief.text,
      ...(facts.length > maxFacts ? {} : { facts: brief.facts }),
      question: shown[0] ?? null,
      program: shown[1] ?? null,
    }),
  }
}
