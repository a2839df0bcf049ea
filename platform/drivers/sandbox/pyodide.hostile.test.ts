import { hostileContract } from '../../contract/sandbox.ts'
import { openSandbox } from './pyodide.ts'

hostileContract('pyodide', openSandbox)
