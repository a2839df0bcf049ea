import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Folders with the tutor's own texts, whose words are no news to anybody. */
const folders = ['concepts/bank', 'concepts/comparisons', 'concepts/whys', 'feedback/texts', 'debug/texts']

/** The words of a text in lower case, four letters and more; in `line_count` there are two. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{4,}/gu) ?? []

let known: ReadonlySet<string> | undefined

/** Every word of the texts that come with the tutor. */
export function vocabulary(): ReadonlySet<string> {
  known ??= new Set(
    folders.flatMap(folder => {
      const path = join(import.meta.dirname, '..', folder)
      return readdirSync(path)
        .filter(name => name.endsWith('.md'))
        .flatMap(name => wordsOf(readFileSync(join(path, name), 'utf8')))
    }),
  )
  return known
}

/**
 * Words that a text took from what a student wrote and that neither the answer nor any text of the tutor has. Names of
 * the student's program are none.
 */
export function wordsTaken(text: string, student: { prose: string; names: string }, answer: string): string[] {
  const [written, own] = [new Set(wordsOf(student.prose)), new Set([...wordsOf(student.names), ...wordsOf(answer)])]
  return [...new Set(wordsOf(text))].filter(word => written.has(word) && !own.has(word) && !vocabulary().has(word))
}
