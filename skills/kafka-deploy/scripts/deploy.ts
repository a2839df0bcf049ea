import { deployScript } from '../../engine-scripts.ts'
import { runAsMain } from '../../script.ts'

const deploy = deployScript('kafka', 'three Kafka nodes (KRaft)')
export default deploy
if (import.meta.main) await runAsMain(import.meta, deploy)
