import type { ApiClient } from '../../api/client.ts'
import { codes, PlatformError } from '../../platform/errors.ts'
import type { RequestState } from '../../schemas/api.ts'

/** The maximum wait for a verdict or an answer, in ms: the worst case that is promised. */
const waitMs = 30_000

/** Maps a code of the API to one of ours. */
export const codeOf = (code: string): keyof typeof codes => (code in codes ? (code as keyof typeof codes) : 'INTERNAL')

/**
 * The final state of a request. @throws IN_FLIGHT when it takes too long, CONFLICT when it was cancelled, its own error
 * when it failed for good.
 */
export async function outcome(client: ApiClient, id: string): Promise<RequestState> {
  const state = await client.ended(id, waitMs)
  const again = `Its result will be at GET /api/v1/requests/${id}.`
  if (state.status === 'queued' || state.status === 'working')
    throw new PlatformError('IN_FLIGHT', `request ${id} is still ${state.status} after ${waitMs / 1_000} s`, {
      hint: again,
    })
  if (state.status === 'cancelled')
    throw new PlatformError('CONFLICT', `request ${id} was cancelled`, { hint: 'Hand it in again.' })
  if (state.error !== null) {
    const { code, message, hint } = state.error
    throw new PlatformError(codeOf(code), message, { hint })
  }
  return state
}
