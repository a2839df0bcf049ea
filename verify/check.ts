import { randomBytes } from 'node:crypto'
import { readRunning } from '../platform/owner/data-folder.ts'
import { PlatformError } from '../platform/errors.ts'
import { callOwner } from '../platform/owner/control-socket.ts'
import type { Config } from '../platform/config.ts'
import { givenToken, howToGive } from '../platform/given-token.ts'
import { hasProvider, signingSecret } from '../platform/tokens.ts'
import { type Bearer, signToken } from '../api/tokens.ts'
import { type ApiClient, apiClient } from '../api/client.ts'
import type { FaultName } from './faults/all.ts'

/** A running platform as seen by an outside client with an operator's rights. */
export interface Probe {
  url: string
  folder: string
  secret: string
  /**
   * A student id that was not used before; ids that begin with `synthetic-` are left out of statistics.
   * @throws CHECK_SKIPPED when an identity provider makes the tokens
   */
  newStudent(): string
  /**
   * Asks again and again until something has come, which is more than a student may.
   * @throws CHECK_SKIPPED when an identity provider makes the tokens
   */
  operator(): ApiClient
  /** Anybody who may use the API, where nothing of theirs is changed. @throws CHECK_SKIPPED without a token of anybody */
  anybody(): ApiClient
  /** @throws CHECK_SKIPPED for a person of its own when an identity provider makes the tokens */
  client(bearer: Bearer | { token: string | undefined }): ApiClient
  /** Runs a script inside the platform through the operator's socket and returns its data. */
  operate<T>(op: string, args: Record<string, unknown>): Promise<T>
}

/** `measured` is the figure or fact printed beside the claim. */
export interface CheckResult {
  ok: boolean
  measured: string
  /** The claim holds, but took longer than allowed. On a busy machine that says nothing about the platform. */
  late?: boolean
}

/** One claim about the running platform that can be false. `fault` names the damage that must make the check fail. */
export interface Check {
  id: string
  claim: string
  fault: FaultName
  run(probe: Probe): Promise<CheckResult>
}

export function defineCheck(check: Check): Check {
  return check
}

/** Runs a script in the process that owns the data folder. */
const byOwner =
  (folder: string): Probe['operate'] =>
  async <T>(op: string, args: Record<string, unknown>) => {
    const answer = await callOwner(folder, { op, args, dry_run: false }, () => {})
    if (answer === undefined)
      throw new PlatformError('NOT_RUNNING', `nobody answers at the operator socket of ${folder}`, {
        hint: 'learnflow up',
      })
    return (answer.result as { data: T }).data
  }

const skipped = (what: string, hint: string): PlatformError =>
  new PlatformError('CHECK_SKIPPED', `${what}, and only the identity provider makes tokens`, { hint })

/**
 * The platform of `folder`. Without `operate`, scripts run in the owner of the folder; a platform of several processes
 * has none.
 * @throws NOT_RUNNING when there is none.
 */
export async function openProbe(folder: string, config: Config, operate = byOwner(folder)): Promise<Probe> {
  const running = await readRunning(folder)
  if (running === undefined)
    throw new PlatformError('NOT_RUNNING', `no platform runs on ${folder}`, { hint: 'learnflow up' })
  const secret = await signingSecret({ ...config, LEARNFLOW_DATA_DIR: folder })
  const nextAddress = inTurns([running.url, ...(running.also ?? [])])
  const given = await givenToken(config)
  const demandOwnTokens = (): void => {
    if (hasProvider(config))
      throw skipped('it needs students of its own', 'learnflow verify --throwaway measures it on another platform.')
  }
  const tokenOf = (bearer: Bearer): string => {
    demandOwnTokens()
    return signToken(secret, config.LEARNFLOW_JWT_ISSUER, bearer)
  }
  const client: Probe['client'] = bearer =>
    apiClient({ ...nextAddress(), token: 'token' in bearer ? bearer.token : tokenOf(bearer) })
  const newStudent = (): string => {
    demandOwnTokens()
    return `synthetic-${randomBytes(6).toString('hex')}`
  }
  return {
    url: running.url,
    folder,
    secret,
    newStudent,
    operator: () => client({ student: 'synthetic-operator', role: 'operator' }),
    anybody() {
      if (!hasProvider(config)) return client({ student: newStudent() })
      if (given === undefined) throw skipped('it needs a token', howToGive)
      return client(given)
    },
    client,
    operate,
  }
}

/**
 * Spreads callers over the API processes, as a gateway does; each may use the others when its own accepts no
 * connection.
 */
function inTurns(addresses: readonly string[]): () => { url: string; also: string[] } {
  let given = 0
  return () => {
    const at = given % addresses.length
    given += 1
    const [url = '', ...also] = [...addresses.slice(at), ...addresses.slice(0, at)]
    return { url, also }
  }
}
