import { invokerContract, testApps } from '../../contract/invoker.ts'
import { inProcessInvoker } from './invoker.ts'

invokerContract('in process', async () => ({
  invoker: inProcessInvoker(testApps),
  [Symbol.asyncDispose]: async () => {},
}))
