import { deployScript } from '../../engine-scripts.ts'
import { runAsMain } from '../../script.ts'

const deploy = deployScript('redis', 'six Redis nodes (three masters, three replicas)')
export default deploy
if (import.meta.main) await runAsMain(import.meta, deploy)
