import { type ApiClient, apiClient } from '../../api/client.ts'
import type { Bearer } from '../../api/tokens.ts'
import type { Config } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { givenToken } from '../../platform/given-token.ts'
import { readRunning } from '../../platform/owner/data-folder.ts'
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
export async function callerOf(config: Config, bearer: Bearer): Promise<Caller> {
  const folder = config.LEARNFLOW_DATA_DIR
  const running = await readRunning(folder)
  if (running === undefined)
    throw new PlatformError('NOT_RUNNING', `no platform runs on ${folder}`, { hint: 'learnflow up' })
  const given = await givenToken(config)
  const token = given?.token ?? (await ownToken(config, bearer))
  return { id: given?.subject ?? bearer.student, client: apiClient({ url: running.url, also: running.also, token }) }
}

export const firstStudent = 'student-1'
const operator: Bearer = { student: 'operator', role: 'operator' }

/**
 * The same for what everybody does on their own behalf, by default as the first student. @throws INVALID_INPUT when the
 * token is another's than `student`
 */
export const callerAs = async (config: Config, student?: string): Promise<Caller> =>
  whoIs(student, await callerOf(config, { student: student ?? firstStudent }))

/**
 * The same for what teachers do in these classes: as this teacher, by default as an operator, who may change what any
 * teacher made. @throws INVALID_INPUT when the token is another's than `teacher`
 */
export const callerAsStaff = async (
  config: Config,
  teacher?: string,
  classes: readonly string[] = [],
): Promise<Caller> =>
  whoIs(
    teacher,
    await callerOf(config, teacher === undefined ? operator : { student: teacher, role: 'teacher', classes }),
  )

function whoIs(wanted: string | undefined, caller: Caller): Caller {
  if (wanted === undefined || wanted === caller.id) return caller
  throw new PlatformError('INVALID_INPUT', `the token is of ${caller.id}, not of ${wanted}`, {
    hint: 'Leave the id out, or give the token of that person.',
  })
}
