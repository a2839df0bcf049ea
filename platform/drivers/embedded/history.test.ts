import { historyContract } from '../../contract/history.ts'
import { openEngine } from './test-engine.ts'

historyContract('embedded', openEngine)
