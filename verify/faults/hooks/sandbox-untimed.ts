import { onStart } from '../../../platform/steps.ts'

// Whatever a program is allowed, it gets 12 s.
onStart('sandbox:run', ({ job }) => {
  job.seconds = 12
})
