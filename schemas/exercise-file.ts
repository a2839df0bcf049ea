import * as z from 'zod'
import { ExerciseFile } from './exercise.ts'
import { parseYaml, placeIssues, type Problem, type Yaml } from './positions.ts'

/** A template is checked like any other exercise, with its values filled in. */
function withoutVariants(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('variants' in value)) return value
  const { variants: _variants, ...exercise } = value
  return exercise
}

/** All keys of the format. */
function knownKeys(): string[] {
  const found = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { properties } = Object.assign({ properties: undefined }, value)
    if (typeof properties === 'object' && properties !== null) for (const key of Object.keys(properties)) found.add(key)
    for (const part of Object.values(value)) walk(part)
  }
  walk(z.toJSONSchema(ExerciseFile, { io: 'input' }))
  return [...found]
}

/**
 * Parses the text of an exercise file. Returns the exercise with the positions of its parts, or every mistake against
 * its schema; `path` names the file in the mistakes.
 */
export function parseExercise(
  text: string,
  path: string,
): { exercise: ExerciseFile; yaml: Yaml } | { problems: Problem[] } {
  const yaml = parseYaml(text, path)
  if (yaml.faults.length > 0) return { problems: yaml.faults }
  const parsed = ExerciseFile.safeParse(withoutVariants(yaml.value))
  return parsed.success
    ? { exercise: parsed.data, yaml }
    : { problems: placeIssues(parsed.error.issues, yaml, path, knownKeys()) }
}
