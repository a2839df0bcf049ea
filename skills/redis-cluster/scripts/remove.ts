import { removeScript } from '../../engine-scripts.ts'
import { runAsMain } from '../../script.ts'

const remove = removeScript('redis', 'six Redis nodes (three masters, three replicas)')
export default remove
if (import.meta.main) await runAsMain(import.meta, remove)
