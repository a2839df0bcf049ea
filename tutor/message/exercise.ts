/** What a message needs to know of an exercise to notice that it speaks of it; `entry`: the names its program defines. */
export interface KnownExercise {
  id: string
  title: string
  entry?: readonly string[]
}
/** The exercise that a message is about, and how that is known: it says the id or title, its code defines what the exercise wants, or it was the last one. */
export interface SpokenExercise {
  id: string
  by: 'id' | 'title' | 'entry' | 'context'
}

const wordPattern = /[\p{L}\p{N}]+/gu
const wordsOf = (text: string): string[] => text.toLowerCase().match(wordPattern) ?? []
const longest = 8

/** A list of exercises, arranged for looking names up; make it once for each version of the list. */
export type ExerciseNames = ReturnType<typeof exerciseNames>

/** Arranges exercises by the words of their ids and titles and by the names that their programs define. */
export function exerciseNames(exercises: readonly KnownExercise[]) {
  const said = new Map<string, SpokenExercise>()
  const entries = new Map<string, string | null>()
  for (const { id, title } of exercises) {
    said.set(wordsOf(id).join(' '), { id, by: 'id' })
    if (!said.has(wordsOf(title).join(' '))) said.set(wordsOf(title).join(' '), { id, by: 'title' })
  }
  for (const { id, entry = [] } of exercises) for (const name of entry) entries.set(name, entries.has(name) ? null : id)
  return { said, entries }
}

/**
 * The exercise that prose or code speaks of; else `last`, the one worked on before; else null. Of several names the
 * longest counts, then the first. A name of one word counts only in quotes, or beside a word like "exercise".
 */
export function exerciseIn(
  prose: string,
  code: string,
  names: ExerciseNames,
  last?: string | null,
): SpokenExercise | null {
  const words = wordsOf(prose.slice(0, 6_000))
  for (let size = longest; size >= 1; size -= 1)
    for (let at = 0; at + size <= words.length; at += 1) {
      const found = names.said.get(words.slice(at, at + size).join(' '))
      if (found !== undefined && (size > 1 || marked(words, at, prose))) return found
    }
  for (const [, name = ''] of code.slice(0, 20_000).matchAll(/^[ \t]{0,8}(?:def|class) (\w{1,80})/gm)) {
    const id = names.entries.get(name)
    if (id !== undefined && id !== null) return { id, by: 'entry' }
  }
  return last === undefined || last === null ? null : { id: last, by: 'context' }
}

/** Whether a single word is meant as a name. */
function marked(words: readonly string[], at: number, prose: string): boolean {
  const word = words[at] ?? ''
  const beside = [words[at - 1], words[at + 1], words[at - 2] === 'the' ? undefined : words[at - 2]]
  if (
    beside.some(
      other =>
        other !== undefined &&
        /^(?:exercises?|tasks?|problems?|challenges?|assignment|kata|aufgabe|übung|ejercicio|exercice)$/.test(other),
    )
  )
    return true
  return ['"', "'", '`', '“', '«'].some(mark => prose.toLowerCase().includes(mark + word))
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
const kinds = '(?:exercise|assignment|task|homework|aufgabe|exercice|ejercicio)'
const counted = '(?:lines?|times?|points?|tests?|seconds?|minutes?|hours?|days?|weeks?|percent|characters?|words?)'
const name =
  `\\b${kinds} ?(?:no|nr|number|num|#)?\\.? ?#?(\\d{1,2})\\b(?! ?${counted}\\b|[.,]\\d)` +
  `|\\b(\\d{1,2})(?:st|nd|rd|th) ${kinds}\\b|\\b(${ordinals.join('|')}) ${kinds}\\b`
const numbered = new RegExp(name, 'i')
const idle = "(?:the|my|and|so|now|ok|please|on|for|in|about|with|what|how|it|its|it's|i|mean|meant)"
const onlyNumbered = new RegExp(`^\\W*(?:${idle}\\b\\W*)*(?:${name})\\W*(?:please|now)?\\W*$`, 'i')

/** The number by which prose names an exercise ("exercise 3", "the third assignment"), from 1; null where it names none so. */
export function exerciseNumber(prose: string): number | null {
  const [, after, before, word] = numbered.exec(prose.slice(0, 2_000)) ?? []
  const number = word === undefined ? Number(after ?? before ?? 0) : ordinals.indexOf(word.toLowerCase()) + 1
  return number === 0 ? null : number
}

/** Whether prose names an exercise by its number and says nothing else. */
export const saysOnlyNumber = (prose: string): boolean => prose.length <= 100 && onlyNumbered.test(prose)
