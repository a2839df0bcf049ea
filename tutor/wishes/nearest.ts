import { conceptLibrary } from '../concepts/library.ts'
import type { ExerciseLevel } from '../practice/wish.ts'
import { exerciseLevels } from '../practice/wish.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import type { ExerciseWish } from './read-wish.ts'
import { topicsOf } from './topics-of.ts'
import { words } from './words.ts'

/** A topic on which there are exercises, and their levels. */
export interface NearTopic {
  title: string
  levels: readonly ExerciseLevel[]
}

const maxNamed = 4

/**
 * What there is instead, when a wish cannot be fulfilled: its own topics one by one at their levels, then those most
 * like its unknown words, then the concepts that these need or that need them. `exercises` hold one of each template.
 */
export function nearestTopics(wish: ExerciseWish, exercises: readonly Exercise[]): NearTopic[] {
  const { concepts } = conceptLibrary()
  const asked = wish.topics.flatMap(topic => topic.concepts)
  const around = [...concepts.values()]
    .filter(({ id, needs }) => needs.some(one => asked.includes(one)) || asked.some(one => needsOf(one).includes(id)))
    .map(({ id }) => id)
  const single = [
    ...wish.nearest,
    ...around,
    ...(wish.topics.length === 0 ? words.topics.flatMap(one => one.concepts) : []),
  ]
  const wished = wish.topics.map(({ title, concepts: any }) => ({ title, any }))
  const named = [...new Set(single)].map(id => ({ title: concepts.get(id)?.title ?? id, any: [id] }))
  const near = [...wished, ...named].map(({ title, any }) => ({ title, levels: levelsOn(any, exercises) }))
  const unique = near.filter(({ title }, at) => near.findIndex(other => other.title === title) === at)
  return unique.filter(({ levels }) => levels.length > 0).slice(0, maxNamed)
}

const needsOf = (id: string): readonly string[] => conceptLibrary().concepts.get(id)?.needs ?? []

function levelsOn(concepts: readonly string[], exercises: readonly Exercise[]): ExerciseLevel[] {
  const on = exercises.filter(one => concepts.some(id => topicsOf(one).on.has(id)))
  return exerciseLevels.filter(level => on.some(one => one.level === level))
}
