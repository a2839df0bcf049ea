import { readFileSync } from 'node:fs'

/** A question and the ids of the topics that answer it; none when the library has no answer. */
export interface LabelledQuestion {
  question: string
  topics: readonly string[]
}

/** The labelled questions of `questions.txt`, by the part they stand in. */
export function labelledQuestions(part: 'develop' | 'held out'): LabelledQuestion[] {
  const text = readFileSync(new URL('questions.txt', import.meta.url), 'utf8')
  const [, body = ''] = text.split(`## ${part}\n`)
  return Array.from(
    (body.split('\n## ')[0] ?? '').matchAll(/^([a-z0-9|-]+): (.+)$/gm),
    ([, labels = '', question = '']) => ({
      question,
      topics: labels === '-' ? [] : labels.split('|'),
    }),
  )
}
