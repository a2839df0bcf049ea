import { hostileContract } from '../../contract/hostile-sandbox.ts'
import { openSandbox } from './pyodide.ts'

hostileContract('pyodide', openSandbox)
