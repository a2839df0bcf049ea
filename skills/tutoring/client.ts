import { type ApiClient, apiClient } from '../../api/client.ts'
import type { Config } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { givenToken } from '../../platform/given-token.ts'
import { readRunning } from '../../platform/owner/data-folder.ts'
import type { Role } from '../../schemas/words.ts'
import { ownToken } from '../access/own-token.ts'

/** Who calls the API, and with what. */
export interface Caller {
  id: string
  client: ApiClient
}

/**
 * The API of the running platform as the person of the token that is given, or else as this one. @throws NOT_RUNNING;
 * UNAUTHENTICATED when an identity provider makes the tokens and none is given
 */
export async function callerOf(config: Config, student: string, role: Role = 'student'): Promise<Caller> {
  const folder = config.LEARNFLOW_DATA_DIR
  const running = await readRunning(folder)
  if (running === undefined)
    throw new PlatformError('NOT_RUNNING', `no platform runs on ${folder}`, { hint: 'learnflow up' })
  const given = await givenToken(config)
  const token = given?.token ?? (await ownToken(config, { student, role }))
  return { id: given?.subject ?? student, client: apiClient({ url: running.url, also: running.also, token }) }
}

export const firstStudent = 'student-1'

/** The same for what everybody does on their own behalf. @throws INVALID_INPUT when the token is another's than `student` */
export async function callerAs(
  config: Config,
  student?: string,
  preset = firstStudent,
  role: Role = 'student',
): Promise<Caller> {
  const caller = await callerOf(config, student ?? preset, role)
  if (student === undefined || student === caller.id) return caller
  throw new PlatformError('INVALID_INPUT', `the token is of ${caller.id}, not of ${student}`, {
    hint: 'Leave the id out, or give the token of that person.',
  })
}
