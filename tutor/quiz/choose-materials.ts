import type { Module } from '../../schemas/words.ts'
import { type Concept, conceptLibrary } from '../concepts/library.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { conceptMaterials, type Material, programMaterial } from './material.ts'

/** A program for an exercise, of whom, and whether it passed; without code only the concepts of the exercise are used. */
export interface QuizProgram {
  exercise: Exercise
  code: string | undefined
  own: boolean
  right: boolean
  owner?: string | undefined
}

/** So many concepts of an exercise are asked about. */
const maxConcepts = 3

/** The programs first, then those by which the concepts of the exercises are explained, the beginner's of each first. */
export function materialsOf(programs: readonly QuizProgram[]): Material[] {
  const own = programs.flatMap(({ code, exercise, ...rest }) =>
    code === undefined ? [] : [programMaterial(exercise, { code, ...rest })],
  )
  const concepts = new Set(programs.flatMap(({ exercise }) => conceptsOf(exercise)))
  return [...own, ...interleaved([...concepts])]
}

/** The programs by which these concepts are explained. */
export function materialsOn(ids: readonly string[]): Material[] {
  const { concepts } = conceptLibrary()
  return interleaved(ids.map(id => concepts.get(id)).filter(concept => concept !== undefined))
}

/** The concepts of a module, in the order of their prerequisites as far as their number says it. */
export const conceptsIn = (module: Module): string[] =>
  [...conceptLibrary().concepts.values()]
    .filter(concept => concept.module === module)
    .toSorted((a, b) => a.needs.length - b.needs.length)
    .map(({ id }) => id)

/** The concepts that an exercise practises: those that name it, then those by whose names it goes. */
function conceptsOf({ id, concepts: names }: Exercise): Concept[] {
  const all = [...conceptLibrary().concepts.values()]
  const named = all.filter(({ exercises }) => exercises.includes(id))
  const practised = all.filter(concept => names.some(name => name === concept.id || concept.practised_as[0] === name))
  return [...new Set([...named, ...practised])].slice(0, maxConcepts)
}

/** The first program of each concept, then the second of each, and so on. */
function interleaved(concepts: readonly Concept[]): Material[] {
  const all = concepts.map(conceptMaterials)
  const longest = Math.max(0, ...all.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => all.flatMap(one => one[at] ?? [])).flat()
}
