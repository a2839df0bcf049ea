import { randomBytes } from 'node:crypto'
import { readSecret, readRunning } from '../platform/owner/data-folder.ts'
import { PlatformError } from '../platform/errors.ts'
import { callOwner } from '../platform/owner/control-socket.ts'
import { type Bearer, signToken } from '../api/tokens.ts'
import { type ApiClient, apiClient } from '../api/client.ts'
import type { FaultName } from './faults/all.ts'

/** A running platform as an outsider with an operator's rights sees it. */
export interface Probe {
  url: string
  folder: string
  secret: string
  /** A student nobody has seen before; ids beginning with `synthetic-` stay out of statistics. */
  newStudent(): string
  client(bearer: Bearer | { token: string | undefined }): ApiClient
  /** Runs a script inside the platform through the operator's door, and gives its data. */
  operate<T>(op: string, args: Record<string, unknown>): Promise<T>
}

/** `measured` is the figure or the fact, beside the claim in the output. */
export interface CheckResult {
  ok: boolean
  measured: string
  /** What was demanded holds, but took longer than is claimed. On a busy machine that says nothing about the platform. */
  late?: boolean
}

/** One claim about the running platform that can be false. `fault` names the real damage that must make it fail. */
export interface Check {
  id: string
  claim: string
  fault: FaultName
  run(probe: Probe): Promise<CheckResult>
}

export function defineCheck(check: Check): Check {
  return check
}

/** Runs a script by the owner of the data folder. */
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

/**
 * The platform of `folder`. Without `operate` its owner is asked, which one of many processes has not.
 * @throws NOT_RUNNING when there is none.
 */
export async function openProbe(folder: string, issuer: string, operate = byOwner(folder)): Promise<Probe> {
  const running = await readRunning(folder)
  if (running === undefined)
    throw new PlatformError('NOT_RUNNING', `no platform runs on ${folder}`, { hint: 'learnflow up' })
  const secret = await readSecret(folder)
  const nextAddress = inTurns([running.url, ...(running.also ?? [])])
  return {
    url: running.url,
    folder,
    secret,
    newStudent: () => `synthetic-${randomBytes(6).toString('hex')}`,
    client: bearer =>
      apiClient({ ...nextAddress(), token: 'token' in bearer ? bearer.token : signToken(secret, issuer, bearer) }),
    operate,
  }
}

/** Callers are spread over the API processes, as a gateway spreads them; each may go to the others when its own takes no connection. */
function inTurns(addresses: readonly string[]): () => { url: string; also: string[] } {
  let given = 0
  return () => {
    const at = given % addresses.length
    given += 1
    const [url = '', ...also] = [...addresses.slice(at), ...addresses.slice(0, at)]
    return { url, also }
  }
}
