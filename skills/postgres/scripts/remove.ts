import { removeScript } from '../../engine-scripts.ts'
import { runAsMain } from '../../script.ts'

const remove = removeScript('postgres', 'PostgreSQL')
export default remove
if (import.meta.main) await runAsMain(import.meta, remove)
