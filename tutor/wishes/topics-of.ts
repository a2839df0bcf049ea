import { findConcept } from '../concepts/find.ts'
import { conceptLibrary } from '../concepts/library.ts'
import { codeTopics } from '../concepts/shapes.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { type ExerciseWish, sure, type WishedTopic } from './read-wish.ts'

/** The concepts an exercise is on, as it declares them, and those that its programs use. */
export interface ExerciseTopics {
  on: ReadonlySet<string>
  uses: ReadonlySet<string>
}

const known = new WeakMap<Exercise, ExerciseTopics>()
const named = new Map<string, readonly string[]>()

/** The concepts that an exercise is on and that its reference uses. */
export function topicsOf(exercise: Exercise): ExerciseTopics {
  const topics = known.get(exercise) ?? read(exercise)
  known.set(exercise, topics)
  return topics
}

function read({ id, concepts: declared, reference, kind }: Exercise): ExerciseTopics {
  const library = conceptLibrary()
  const uses = new Set(codeTopics(reference, library))
  if (kind === 'function' || kind === 'class') uses.add('functions')
  const practised = [...library.concepts.values()].filter(one => one.exercises.includes(id) && uses.has(one.id))
  const on = new Set([...declared.flatMap(conceptsNamed), ...practised.map(one => one.id)])
  return { on, uses }
}

/** The concepts that a word of an exercise stands for. */
function conceptsNamed(word: string): readonly string[] {
  const { topic } = named.has(word) ? { topic: undefined } : findConcept(word)
  const concepts = named.get(word) ?? (topic !== undefined && topic.confidence >= sure ? topic.concepts : [])
  named.set(word, concepts)
  return concepts
}

const any = (topic: WishedTopic, among: ReadonlySet<string>): boolean => topic.concepts.some(id => among.has(id))

/** Whether an exercise is what is wished: on one of the topics, with the others in it, and without what it must not need. */
export function fitsWish(exercise: Exercise, { topics, without, level }: ExerciseWish): boolean {
  if (level !== undefined && exercise.level !== level) return false
  const { on, uses } = topicsOf(exercise)
  const all = on.union(uses)
  if (without.some(topic => any(topic, all))) return false
  return topics.length === 0 || (topics.some(topic => any(topic, on)) && topics.every(topic => any(topic, all)))
}
