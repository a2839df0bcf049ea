import { residentsContract } from '../../contract/sandbox-residents.ts'
import { openSandbox } from './pyodide.ts'

residentsContract('pyodide', openSandbox, { sequences: 2_000, byName: 1 / 3 })
