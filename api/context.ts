import type {
  FastifyInstance,
  FastifyReply,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { Logger } from 'pino'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { AgentDirectory } from '../agents/agent.ts'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Ports } from '../platform/open.ts'
import type { ExerciseBank } from '../tutor/exercise/bank.ts'
import type { Watcher } from './watch.ts'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  Logger,
  ZodTypeProvider
>

export interface ApiDeps {
  ports: Ports
  bank: ExerciseBank
  config: Config
  /** The HS256 secret of the tokens; undefined where an identity provider makes them. */
  secret: string | undefined
  /** A question routed to an agent that does not run is answered with AGENT_ABSENT. */
  agents: AgentDirectory
  /** Called after each commit that added rows to the outbox. */
  notify: () => void
  version: string
  /** `embedded`, `local` or `kubernetes`, as shown by the health routes. */
  target: string
}

/** Since the start: requests refused as too many, requests let through uncounted, and whether counting worked the last time. */
export interface LimitFigures {
  up: boolean
  refused: number
  uncounted: number
}

/** What the routes depend on. */
export interface Context extends ApiDeps {
  watcher: Watcher
  limitFigures: () => LimitFigures
  /** Aborted when the server closes, which ends waiting calls and streams. */
  closing: AbortSignal
  draining: () => boolean
}

const hasLeft = (): PlatformError =>
  new PlatformError('NOT_RUNNING', 'the client has left', { hint: 'Send it again, and wait for the answer.' })

/** Aborted when the client has disconnected. */
export function leftSignal(reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => left.abort(hasLeft()))
  return left.signal
}

/** Aborted when the client has disconnected or the server closes. */
export function goneSignal(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  return AbortSignal.any([leftSignal(reply), closing])
}
