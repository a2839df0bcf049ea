import { createHash } from 'node:crypto'
import type { ExerciseFile, GeneratedTest, Generator, Variants } from '../../schemas/exercise.ts'
import { stringText } from '../python/repr.ts'

/**
 * How many different sets of random inputs an exercise has: few enough that the reference's results stay in the cache.
 */
const seeds = 256

/** The seed of a submission, `0` to `255`, the same each time it is graded. */
export function seedFor(submissionId: string): string {
  return String(createHash('sha256').update(submissionId).digest().readUInt32BE(0) % seeds)
}

/** A generated test with its values filled in. */
export interface GeneratedCase {
  test: GeneratedTest
  /** The index of the entry of `generate` that it comes from. */
  at: number
  call?: string
  stdin?: string
}

/** The random inputs of an exercise, a pure function of the exercise and the seed. `times` multiplies their number. */
export function generateCases(
  { id, generate }: Pick<ExerciseFile, 'id' | 'generate'>,
  seed: string,
  times = 1,
): GeneratedCase[] {
  return generate.flatMap((test, at) => {
    const random = randomFrom(`${id} ${at} ${seed}`)
    return Array.from({ length: test.count * times }, () => {
      const values = Object.entries(test.where).map(([name, generator]) => [name, valueOf(generator, random)] as const)
      return 'call' in test
        ? { test, at, call: fill(test.call, new Map(values.map(([name, value]) => [name, asPython(value)]))) }
        : { test, at, stdin: fill(test.stdin, new Map(values.map(([name, value]) => [name, asInput(value)]))) }
    })
  })
}

/** A value for each name, as text without line ends, a pure function of the names' generators and the seed. */
export function draw(generators: Variants, seed: string): Record<string, string> {
  const random = randomFrom(`variant ${seed}`)
  const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')
  return Object.fromEntries(
    Object.entries(generators).flatMap(([name, generator]) => {
      if (!('scenes' in generator)) return [[name, oneLine(asInput(valueOf(generator, random)))]]
      const scene = generator.scenes[between(0, generator.scenes.length - 1, random)] ?? {}
      return Object.entries(scene).map(([part, value]) => [part, oneLine(value)])
    }),
  )
}

const placeholder = /\{\{|\{([a-z_][a-z0-9_]*)\}/g

/** The names of a template's placeholders. */
export function placeholders(template: string): Set<string> {
  return new Set([...template.matchAll(placeholder)].flatMap(([, name]) => name ?? []))
}

function fill(template: string, values: ReadonlyMap<string, string>): string {
  return template.replaceAll(placeholder, (found, name?: string) =>
    name === undefined ? '{' : (values.get(name) ?? found),
  )
}

type Value = { expression: string } | { text: string } | Value[]

/** Numbers in [0, 1): sfc32, whose state is the hash of a text. */
export function randomFrom(text: string): () => number {
  const hash = createHash('sha256').update(text).digest()
  let [a, b, c, count] = [hash.readInt32LE(0), hash.readInt32LE(4), hash.readInt32LE(8), 1]
  return () => {
    const sum = (((a + b) | 0) + count) | 0
    count = (count + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
}

const between = (low: number, high: number, random: () => number): number =>
  low + Math.floor(random() * (high - low + 1))

function valueOf(generator: Generator, random: () => number): Value {
  if ('int' in generator) return { expression: String(between(...generator.int, random)) }
  if ('pick' in generator) return { expression: generator.pick[between(0, generator.pick.length - 1, random)] ?? '' }
  if ('text' in generator) {
    const letters = Array.from(generator.text.alphabet)
    const length = between(...generator.text.length, random)
    return { text: Array.from({ length }, () => letters[between(0, letters.length - 1, random)]).join('') }
  }
  return Array.from({ length: between(...generator.list.length, random) }, () => valueOf(generator.list.of, random))
}

/** A value as Python source. */
function asPython(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(asPython).join(', ')}]`
  return 'text' in value ? stringText(value.text) : value.expression
}

/** A value as typed input: texts as they are, items of a list separated by spaces. */
function asInput(value: Value): string {
  if (Array.isArray(value)) return value.map(asInput).join(' ')
  return 'text' in value ? value.text : value.expression
}
