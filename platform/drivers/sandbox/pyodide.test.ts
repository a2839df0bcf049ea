import { limitsContract } from '../../contract/sandbox-limits.ts'
import { queueContract } from '../../contract/sandbox-queue.ts'
import { sandboxContract } from '../../contract/sandbox.ts'
import { residentsContract } from '../../contract/sandbox-residents.ts'
import { stepsContract } from '../../contract/sandbox-steps.ts'
import { trialsContract } from '../../contract/sandbox-trials.ts'
import { openSandbox } from './pyodide.ts'

sandboxContract('pyodide', openSandbox)
limitsContract('pyodide', openSandbox)
queueContract('pyodide', openSandbox)
stepsContract('pyodide', openSandbox)
trialsContract('pyodide', openSandbox)
residentsContract('pyodide', openSandbox, { sequences: 60, byName: 0 })
