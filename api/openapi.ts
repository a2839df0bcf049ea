import { pino } from 'pino'
import { readConfig } from '../platform/config.ts'
import type { Ports } from '../platform/open.ts'
import type { ExerciseBank } from '../tutor/exercise/bank.ts'
import { agentDirectory } from '../agents/agents.ts'
import { buildApi } from './server.ts'

/** The description of the API (OpenAPI 3.1), made from its routes without opening a port. */
export async function openApiDocument(version: string) {
  const ports = { logger: pino({ level: 'silent' }) } as Ports
  await using stack = new AsyncDisposableStack()
  const app = await buildApi({
    ports,
    bank: {} as ExerciseBank,
    config: readConfig({}, {}, '/'),
    secret: 'no token is read here',
    agents: agentDirectory([]),
    notify: () => {},
    version,
    target: 'embedded',
  })
  stack.defer(async () => app.close())
  return app.swagger()
}
