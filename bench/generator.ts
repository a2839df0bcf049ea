import { GeneratorJob, runJob } from './jobs.ts'

// A process of its own: what measures must not wait for the garbage of what is measured, nor for that of another measurement.
const result = await runJob(GeneratorJob.parse(JSON.parse(process.argv[2] ?? '')))
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
