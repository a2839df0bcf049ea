import { statusScript } from '../../engine-scripts.ts'
import { runAsMain } from '../../script.ts'

const status = statusScript('postgres', 'PostgreSQL')
export default status
if (import.meta.main) await runAsMain(import.meta, status)
