import { readFileSync } from 'node:fs'
import { type Intent, intents } from '../../schemas/words.ts'

/** A labelled message. `second` would be right as well; `weight` is how much it counts in training, 1 by default. */
export interface Labelled {
  text: string
  intent: Intent
  second?: Intent | null
  weight?: number
}

/**
 * Our own messages of a folder beside this file: a file for each intent, a message a line, `⏎` for a new line. Lines
 * that begin with `# ` are remarks.
 */
export function ownExamples(folder: 'examples' | 'held-out'): Labelled[] {
  return intents.flatMap(intent =>
    readFileSync(new URL(`${folder}/${intent}.txt`, import.meta.url), 'utf8')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('# '))
      .map(line => ({ text: line.replaceAll('⏎', '\n'), intent })),
  )
}

/** The labelled messages of a JSONL file, `{"text", "intent"[, "second"]}` a line. */
export const examplesOf = (path: string): Labelled[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Labelled)
