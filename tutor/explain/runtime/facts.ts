import * as z from 'zod'
import type { PythonResult } from '../../../platform/ports/sandbox.ts'

/** The values of names and expressions, as short texts made without running code of the program. */
const Value = z.object({ type: z.string(), text: z.string(), callable: z.boolean() }).loose()

const Frame = z
  .object({
    function: z.string(),
    line: z.number().int(),
    column: z.number().int().nullish(),
    values: z.array(Value.extend({ expression: z.string(), builtin: z.boolean() })),
    names: z.record(z.string(), Value).default({}),
  })
  .loose()

/**
 * What `python/probe.py` tells of a run. The program shares its interpreter, so a hostile one may have written this: it
 * is read as data of no trust.
 */
export const Facts = z
  .object({
    ended: z.enum(['ok', 'raised', 'exit', 'loop', 'not-parsed']),
    type: z.string().optional(),
    message: z.string().optional(),
    bases: z.array(z.string()).default([]),
    is_own: z.boolean().default(false),
    frames: z.array(Frame).default([]),
    globals: z.record(z.string(), Value).default({}),
  })
  .loose()

export type Facts = z.infer<typeof Facts>

const Place = z.object({
  line: z.number().int(),
  column: z.number().int(),
  end_line: z.number().int(),
  end_column: z.number().int(),
  old: z.string(),
  new: z.string(),
  program: z.string(),
})

/** What `python/diagnose.py` finds, the likeliest first. */
export const Findings = z.array(
  z.object({
    class: z.string(),
    params: z.record(z.string(), z.string()),
    line: z.number().int(),
    column: z.number().int(),
    edits: z.array(Place),
    made: z.object({ line: z.number().int(), text: z.string(), why: z.string(), detail: z.string() }).optional(),
  }),
)

export type Finding = z.infer<typeof Findings>[number]

/** What the probe told of a run; undefined when it told nothing that can be read. */
export function readFacts(run: PythonResult): Facts | undefined {
  const value = run.calls[0]?.value
  if (value?.kind !== 'str') return undefined
  try {
    return Facts.parse(JSON.parse(value.value))
  } catch {
    // A hostile program has changed our script: what the sandbox itself sees is enough.
    return undefined
  }
}
