import { GeneratorJob, runJob } from './jobs.ts'

// A separate process, so that garbage collection in the measured process or in another measurement does not delay it.
const result = await runJob(GeneratorJob.parse(JSON.parse(process.argv[2] ?? '')))
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
