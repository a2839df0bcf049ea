import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseDocument } from 'yaml'
import { Variants } from '../../schemas/exercise.ts'
import { PlatformError } from '../../platform/errors.ts'
import { parseYaml, placeIssues } from '../../schemas/positions.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { type Checked, checkExercise } from './check.ts'
import { draw } from './generate-inputs.ts'
import { type Exercise, exerciseFrom, FaultyExercise } from './parse-exercise.ts'

/** An exercise made from a template and proven; `text` is its file, together with the programs beside it. */
export interface Variant {
  exercise: Exercise
  values: Record<string, string>
  text: string
  programs: Record<string, string>
  mutants: Checked['mutants']
}

export interface VariantOptions {
  count: number
  /** The same seed makes the same variants. */
  seed: string
}

/** How many values are drawn for each variant before the template counts as exhausted. */
const triesForEach = 30
/** The minimum distance between two variants (0-1), by `distanceBetween`. */
const minDistance = 0.1
const placeholder = /<<([a-z_][a-z0-9_]*)>>/g

/**
 * Makes exercises from a template, an exercise file with `variants`: named values that replace every `<<name>>` in it
 * and in its programs. Each exercise is proven, and no two are alike.
 * @throws EXERCISE_FAULTY for a mistake of the template or a variant that fails its proof; NOT_FOUND; CHECK_FAILED when
 * the template has fewer variants.
 */
export async function generateVariants(
  path: string,
  { count, seed }: VariantOptions,
  sandbox: Sandbox,
): Promise<Variant[]> {
  const template = await readTemplate(path)
  const made: Variant[] = []
  for (let tries = 0; made.length < count && tries < count * triesForEach; tries += 1) {
    const { exercise, programs, text, values } = await template.draw(`${seed} ${tries}`, () => String(made.length + 1))
    if (made.some(other => distanceBetween(other.exercise, exercise) < minDistance)) continue
    const { ok, problems, mutants } = await checkExercise(exercise, sandbox)
    if (!ok)
      throw new FaultyExercise(
        problems.map(problem => ({ ...problem, message: `${problem.message} (with ${JSON.stringify(values)})` })),
      )
    made.push({ exercise, values, text, programs, mutants })
  }
  if (made.length === count) return made
  throw new PlatformError('CHECK_FAILED', `${path} has only ${made.length} variants that are not alike, not ${count}`, {
    hint: 'Give its variants more values, or ask for fewer.',
  })
}

/** A variant before its proof. */
export type Drawn = Omit<Variant, 'mutants'>

/** What the values made of a template and of the programs beside it. */
export type Filled = Pick<Drawn, 'values' | 'text' | 'programs'>

/** A template that was read. `draw` gives the same exercise for the same seed; its id is the template's and an ending. */
export interface Template {
  /** @throws EXERCISE_FAULTY */
  draw(seed: string, ending: (filled: Filled) => string): Promise<Drawn>
}

/** @throws NOT_FOUND; EXERCISE_FAULTY when it names no values */
export async function readTemplate(path: string): Promise<Template> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PlatformError('NOT_FOUND', `there is no template ${path}`, {
      hint: 'A template is an exercise file with variants.',
      cause,
    })
  })
  const generators = variantsOf(text, path)
  return {
    async draw(seed, ending) {
      return filled(text, path, draw(generators, seed), ending)
    },
  }
}

/** @throws EXERCISE_FAULTY */
function variantsOf(template: string, path: string): Variants {
  const yaml = parseYaml(template, path)
  if (yaml.faults.length > 0) throw new FaultyExercise(yaml.faults)
  const parsed = Variants.safeParse((yaml.value as { variants?: unknown } | null)?.variants)
  if (!parsed.success)
    throw new FaultyExercise(
      placeIssues(parsed.error.issues, yaml, path).map(problem => ({
        ...problem,
        message: `variants: ${problem.message}`,
      })),
    )
  return parsed.data
}

/**
 * The template with its values filled in, as an exercise with its own id. Values have no line ends, so that line
 * numbers stay the same.
 */
async function filled(
  template: string,
  path: string,
  values: Record<string, string>,
  ending: (filled: Filled) => string,
): Promise<Drawn> {
  const once = (text: string): string => text.replaceAll(placeholder, (found, name: string) => values[name] ?? found)
  // The texts of a scene may have places, too.
  const fill = (text: string): string => once(once(text))
  const programs: Record<string, string> = {}
  const read = await exerciseFrom(fill(template), path, async name => {
    const source = await readFile(join(dirname(path), name), 'utf8').catch(() => undefined)
    if (source !== undefined) programs[name] = fill(source)
    return programs[name]
  })
  if ('problems' in read) throw new FaultyExercise(read.problems)
  const text = fill(template)
  const id = `${read.exercise.id}-${ending({ values, text, programs })}`
  const document = parseDocument(text)
  document.delete('variants')
  document.set('id', id)
  return { exercise: Object.assign(read.exercise, { id }), values, programs, text: String(document) }
}

/** The share of the words of statement and tests that only one of two exercises has (0-1, Jaccard distance). */
export function distanceBetween(one: Exercise, other: Exercise): number {
  const [ours, theirs] = [wordsOf(one), wordsOf(other)]
  return 1 - ours.intersection(theirs).size / ours.union(theirs).size
}

/** The words of an exercise; repeated words are counted each time. */
function wordsOf({ statement, tests }: Exercise): Set<string> {
  const counts = new Map<string, number>()
  const words = `${statement} ${tests.map(test => JSON.stringify(test)).join(' ')}`.match(/\w+/g) ?? []
  return new Set(
    words.map(word => {
      const count = (counts.get(word) ?? 0) + 1
      counts.set(word, count)
      return `${word} ${count}`
    }),
  )
}
