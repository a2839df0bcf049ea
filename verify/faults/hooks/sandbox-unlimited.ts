import { onStart } from '../../../platform/steps.ts'

// An interpreter that is to have the usual 50 MB gets 200.
onStart('sandbox:start', start => {
  start.megabytes = 200
})
