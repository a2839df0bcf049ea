import { statusScript } from '../../engine-scripts.ts'
import { runAsMain } from '../../script.ts'

const status = statusScript('kafka', 'three Kafka nodes (KRaft)')
export default status
if (import.meta.main) await runAsMain(import.meta, status)
