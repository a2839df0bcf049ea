import { onStart } from '../../../platform/steps.ts'

// An interpreter that should get the default 50 MB gets 200.
onStart('sandbox:start', start => {
  start.megabytes = 200
})
