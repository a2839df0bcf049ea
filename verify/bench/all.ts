import type { Bench } from './bench.ts'
import { effectsBench } from './effects.ts'
import { execute } from './execute.ts'
import { sandbox } from './sandbox.ts'
import { grading } from './grading.ts'
import { start } from './start.ts'
import { submissions } from './submissions.ts'

/** Every benchmark by its name. */
export const benches: Readonly<Record<string, Bench>> = { start, sandbox, execute, submissions, effects: effectsBench, grading }
