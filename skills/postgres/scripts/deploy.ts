import { deployScript } from '../../engine-scripts.ts'
import { runAsMain } from '../../script.ts'

const deploy = deployScript('postgres', 'PostgreSQL')
export default deploy
if (import.meta.main) await runAsMain(import.meta, deploy)
