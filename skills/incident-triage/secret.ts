import type { Config } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import type { Found } from '../../platform/targets/running.ts'
import { hasProvider } from '../../platform/tokens.ts'
import { ownToken } from '../access/own-token.ts'
import type { Finding } from './finding.ts'

const answerMs = 1_500

/**
 * Processes of the API that refuse what the secret of the folder signs, because it was changed while they ran. One that
 * does not answer is another trouble's.
 */
export async function secretTroubles(config: Config, found: Found | undefined): Promise<Finding[]> {
  if (found === undefined || hasProvider(config)) return []
  const token = await ownToken(config, { student: 'synthetic-diagnosis', ttlSeconds: 60 }).catch((error: unknown) =>
    unread(error),
  )
  if (typeof token !== 'string') return [token]
  const { url, also = [] } = found.running
  const answers = await Promise.all(
    [url, ...also].map(async address => ({ address, status: await ask(address, token) })),
  )
  const refusing = answers.filter(({ status }) => status === 401).map(({ address }) => address)
  if (refusing.length === 0) return []
  return [
    {
      code: 'UNAUTHENTICATED',
      cause: "the API does not accept tokens of this folder's secret",
      evidence: `401 at ${refusing.join(', ')}: the file was changed after they had read it`,
      fix: 'learnflow down; then learnflow up',
    },
  ]
}

/** Without the secret nothing is known of it, and everything else still is. */
const unread = (error: unknown): Finding => ({
  code: 'DATA_FOLDER_UNUSABLE',
  cause: 'not read: the secret that signs tokens',
  evidence: error instanceof Error ? error.message : String(error),
  fix: error instanceof PlatformError ? error.hint : 'learnflow doctor',
})

async function ask(address: string, token: string): Promise<number | undefined> {
  try {
    const reply = await fetch(new URL('/api/v1/exercises?limit=1', address), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(answerMs),
    })
    await reply.body?.cancel()
    return reply.status
  } catch {
    // No answer in time: the caller counts only refusals.
    return undefined
  }
}
