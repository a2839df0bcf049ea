import { limitsContract } from '../../contract/sandbox-limits.ts'
import { queueContract } from '../../contract/sandbox-queue.ts'
import { sandboxContract } from '../../contract/sandbox.ts'
import { openSandbox } from './pyodide.ts'

sandboxContract('pyodide', openSandbox)
limitsContract('pyodide', openSandbox)
queueContract('pyodide', openSandbox)
