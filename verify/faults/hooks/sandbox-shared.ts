import { onStart } from '../../../platform/steps.ts'

let before = ''

// Every program finds the one that ran before it in its folder.
onStart('sandbox:run', ({ job }) => {
  const left = before
  before = job.code
  job.files = { ...job.files, 'before.py': left }
})
