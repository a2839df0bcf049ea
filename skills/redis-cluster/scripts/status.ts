import { statusScript } from '../../engine-scripts.ts'
import { runAsMain } from '../../script.ts'

const status = statusScript('redis', 'six Redis nodes (three masters, three replicas)')
export default status
if (import.meta.main) await runAsMain(import.meta, status)
