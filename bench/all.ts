import type { TargetName } from '../platform/targets/all.ts'
import { availability } from './availability.ts'
import type { Bench } from './bench.ts'
import { edge } from './edge.ts'
import { effectsBench } from './effects.ts'
import { execute } from './execute.ts'
import { sandbox } from './sandbox.ts'
import { grading } from './grading.ts'
import { localEffects } from './local-effects.ts'
import { local } from './local.ts'
import { order } from './order.ts'
import { soak } from './soak.ts'
import { start } from './start.ts'
import { submissions } from './submissions.ts'
import { tutor } from './tutor.ts'
import { verdicts } from './verdicts.ts'

interface Benches {
  all: Readonly<Record<string, Bench>>
  /** The benchmarks that run when no name is given. */
  defaults: readonly string[]
}

const embedded = { start, sandbox, execute, submissions, effects: effectsBench, grading, soak }
const named = { ...embedded, verdicts, tutor, edge }

/** Every benchmark of a target by its name. */
export const benches: Readonly<Partial<Record<TargetName, Benches>>> = {
  embedded: { all: named, defaults: Object.keys(embedded) },
  local: { all: { local, effects: localEffects, order, availability }, defaults: ['local'] },
}
