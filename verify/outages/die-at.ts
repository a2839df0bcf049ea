import { onStep, stepNames } from '../../platform/steps.ts'

// Loaded into a process with `--import die-at.ts?step=NAME&student=ID`: the process kills itself with SIGKILL when it
// passes that step with an event of that student. Listeners of a step run synchronously, so nothing after the step
// happens and an open transaction does not commit.

const wanted = new URL(import.meta.url).searchParams
const step = stepNames.find(name => name === wanted.get('step'))
if (step === undefined) throw new Error(`there is no step "${wanted.get('step')}"`)
const student = wanted.get('student')

onStep(step, message => {
  if (message.student === student) process.kill(process.pid, 'SIGKILL')
})
