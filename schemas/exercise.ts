import * as z from 'zod'
import { ExerciseId, modules } from './words.ts'

const Expression = z.string().min(1).max(100_000)
const Files = z.record(z.string().regex(/^(?![/.])[A-Za-z0-9_./-]{1,100}$/), z.string().max(100_000))
const Span = z
  .tuple([z.number().int(), z.number().int()])
  .refine(([low, high]) => low <= high, 'the first number must not be greater than the second')
const Length = Span.refine(([low, high]) => low >= 0 && high <= 1_000, 'a length is 0 to 1000')

/** A source of random values; `pick` holds Python expressions. */
export type Generator =
  | { pick: string[] }
  | { int: [number, number] }
  | { list: { of: Generator; length: [number, number] } }
  | { text: { alphabet: string; length: [number, number] } }
export const Generator: z.ZodType<Generator> = z.lazy(() =>
  z.union([
    z.strictObject({ pick: z.array(Expression).min(1) }),
    z.strictObject({ int: Span }),
    z.strictObject({ list: z.strictObject({ of: Generator, length: Length }) }),
    z.strictObject({ text: z.strictObject({ alphabet: z.string().min(1), length: Length }) }),
  ]),
)

const shared = { hidden: z.boolean().optional(), note: z.string().max(500).optional(), files: Files.optional() }
const Text = z.string().max(100_000)
/** How far numbers may differ: tolerance * max(1, |expected|), or the larger one of a given share and a given amount. */
export const Tolerance = z.union([
  z.number().positive(),
  z.strictObject({ absolute: z.number().nonnegative().optional(), relative: z.number().nonnegative().optional() }),
])
export type Tolerance = z.infer<typeof Tolerance>
const tolerance = Tolerance.optional()
const raises = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
const message = Text.optional()
const holds = Expression.optional()

/** What a call must give: a value, something that holds of it, an exception, or only an output. */
const call = { call: Expression }
const returned = { by: Expression.optional(), stdout: Text.optional() }
const giving = { ...call, expect: Expression, tolerance, ...returned }
const holding = { ...call, holds: Expression, ...returned }
const raising = { raises, message, holds, stdout: Text.optional() }
const printing = { ...call, stdout: Text }

/**
 * One step of a test: statements, or a call and what it must give. After a step that raises as it should, the next one
 * follows.
 */
export const Step = z.union([
  z.strictObject(giving),
  z.strictObject(holding),
  z.strictObject({ ...call, ...raising }),
  z.strictObject(printing),
  z.strictObject({ do: Expression, ...raising }),
  z.strictObject({ do: Expression, stdout: Text.optional() }),
])
export type Step = z.infer<typeof Step>

/** Around a call: what the program reads, and what stands in for parts of modules, by their names. */
const around = {
  stdin: Text.optional(),
  patch: z.record(z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/), Expression).optional(),
  ...shared,
}

/**
 * One expectation. `call` and `expect` are Python expressions over built-in data; `holds` says in trusted Python what is
 * true of `result`, or of an exception's `message`; `stdin`, `stdout` and `writes` test a whole program.
 */
export const ExerciseTest = z.union([
  z.strictObject({ ...giving, ...around }),
  z.strictObject({ ...holding, ...around }),
  z.strictObject({ ...call, ...raising, ...around }),
  z.strictObject({ ...printing, ...around }),
  z.strictObject({ steps: z.array(Step).min(1).max(200), ...around }),
  z.strictObject({ stdin: Text, stdout: Text, ...shared }),
  z.strictObject({ writes: Files, stdin: Text.optional(), stdout: Text.optional(), ...shared }),
])
export type ExerciseTest = z.infer<typeof ExerciseTest>

const generated = {
  where: z.record(z.string().regex(/^[a-z_][a-z0-9_]*$/), Generator),
  count: z.number().int().min(1).max(100).default(5),
  files: Files.optional(),
}

/** Random inputs whose right result is that of the reference. `{name}` stands for a value, `{{` for a brace. */
export const GeneratedTest = z.union([
  z.strictObject({ call: Expression, tolerance, ...generated }),
  z.strictObject({ stdin: z.string().max(10_000), ...generated }),
])
export type GeneratedTest = z.infer<typeof GeneratedTest>

const Name = z.string().regex(/^[a-z_][a-z0-9_]*$/)
const Scene = z.record(Name, z.string().max(10_000))
/** Values that belong together: one scene is drawn, and each of its names stands for itself. */
const Scenes = z.strictObject({
  scenes: z
    .array(Scene)
    .min(1)
    .refine(
      all =>
        all.every(
          scene =>
            Object.keys(scene).toSorted().join() ===
            Object.keys(all[0] ?? {})
              .toSorted()
              .join(),
        ),
      'every scene has the same names',
    ),
})
export type Scenes = z.infer<typeof Scenes>

/** The values of a template: each stands for `<<name>>`. */
export const Variants = z
  .record(Name, z.union([Generator, Scenes]))
  .refine(all => Object.keys(all).length > 0, 'a template names at least one value')
export type Variants = z.infer<typeof Variants>

/**
 * The exercise file a teacher writes. Unknown keys are errors. `limits.megabytes` is heap, about 30 of which the
 * interpreter needs.
 */
export const ExerciseFile = z.strictObject({
  id: ExerciseId,
  title: z.string().min(1).max(100),
  version: z.number().int().min(1).max(2_147_483_647),
  module: z.enum(modules),
  level: z.enum(['easy', 'medium', 'hard']),
  kind: z.enum(['function', 'class', 'stdout', 'file']),
  concepts: z.array(z.string().min(1).max(60)).min(1),
  statement: z.string().min(1).max(100_000),
  entry: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)).default([]),
  /** The name under which tests import the program, like that of its file. */
  import_as: z
    .string()
    .regex(/^[A-Za-z_]\w{0,60}$/)
    .optional(),
  prelude: z.string().max(20_000).optional(),
  /** Names for the tests only, made after the program is loaded. */
  helpers: Text.min(1).optional(),
  reference: z.string().min(1),
  alternatives: z.array(z.string().min(1)).default([]),
  mistakes: z.array(z.strictObject({ file: z.string().min(1), names: z.string().min(1).max(60) })).default([]),
  tests: z.array(ExerciseTest).min(1).max(1_000),
  generate: z.array(GeneratedTest).default([]),
  /** What becomes of a test that a program fails only after other tests; by default a note says so. */
  kept_state: z.enum(['note', 'fails', 'allowed']).optional(),
  rules: z
    .strictObject({
      ban_calls: z.array(z.string().min(1)).optional(),
      require_function: z.string().min(1).optional(),
      no_imports: z.boolean().optional(),
      max_lines: z.number().int().min(1).optional(),
    })
    .optional(),
  limits: z
    .strictObject({
      seconds: z.number().min(0.1).max(30).default(5),
      megabytes: z.number().int().min(32).max(512).default(50),
    })
    .default({ seconds: 5, megabytes: 50 }),
})
export type ExerciseFile = z.infer<typeof ExerciseFile>
