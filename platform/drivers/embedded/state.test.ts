import { stateStoreContract } from '../../contract/state-store.ts'
import { embeddedState } from './state.ts'
import { openEngine } from './test-engine.ts'

stateStoreContract('embedded', async () => {
  const engine = await openEngine()
  return { ...engine, store: embeddedState(engine.history) }
})
