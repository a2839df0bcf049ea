import { onStart } from '../../../platform/steps.ts'

// Every program gets 25 s, whatever its limit.
onStart('sandbox:run', ({ job }) => {
  job.seconds = 25
})
