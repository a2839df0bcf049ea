import { sandboxContract } from '../../contract/sandbox.ts'
import { openSandbox } from './pyodide.ts'

sandboxContract('pyodide', openSandbox)
