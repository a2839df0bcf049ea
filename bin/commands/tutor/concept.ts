import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { answerConcept, topicOf } from '../../../tutor/concepts/answer.ts'
import { findConcept } from '../../../tutor/concepts/find.ts'
import { type Level, levels } from '../../../tutor/concepts/read-entry.ts'
import { type Output, readProgram, report } from './io.ts'

interface Wish extends Output {
  level: string
  known?: string
  code?: string
}

const Question = z.string().trim().min(1).max(20_000)

/** Finds what a question is about and explains it; `-` reads one question a line from stdin. */
export async function concept(question: string, options: Wish): Promise<void> {
  const level = levelOf(options.level)
  const code = options.code === undefined ? {} : { code: await readProgram(options.code) }
  const known = options.known?.split(',') ?? []
  const asked = question === '-' ? (await readProgram('-')).split('\n').filter(line => line.trim() !== '') : [question]
  for (const one of asked) {
    const finding = findConcept(questionOf(one), code)
    const topic = finding.topic === undefined ? undefined : topicOf(finding.topic.id)
    const answer = topic === undefined ? undefined : answerConcept(topic, { level, known })
    const nearest = finding.nearest.map(({ id, kind, title, confidence }) => ({ id, kind, title, confidence }))
    const result = { ...finding.topic, topic: finding.topic?.id ?? null, level, ...answer, nearest }
    report(result, options, question === '-', ({ text }) => text ?? unknown(nearest))
  }
}

function questionOf(text: string): string {
  const read = Question.safeParse(text)
  if (read.success) return read.data
  throw new PlatformError('INVALID_INPUT', 'a question has 1 to 20,000 characters', {
    hint: 'learnflow tutor concept "what is a list?"',
  })
}

function levelOf(text: string): Level {
  const level = levels.find(name => name === text.toLowerCase())
  if (level !== undefined) return level
  throw new PlatformError('INVALID_INPUT', `--level is ${levels.join(', ')}, not ${text}`, {
    hint: 'learnflow tutor concept --help',
  })
}

const unknown = (nearest: readonly { title: string }[]): string =>
  nearest.length === 0
    ? 'That is not among the concepts of this course. learnflow tutor concepts lists them.'
    : `That is not among the concepts of this course. The nearest: ${nearest.map(({ title }) => title).join('; ')}.`
