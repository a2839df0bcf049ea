import { type ApiClient, apiClient } from '../../api/client.ts'
import type { Config } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { readRunning } from '../../platform/owner/data-folder.ts'
import type { Role } from '../../schemas/words.ts'
import { ownToken } from '../access/own-token.ts'

/** The API of the running platform as this student, or as a person with another role. @throws NOT_RUNNING */
export async function apiAs(config: Config, student: string, role: Role = 'student'): Promise<ApiClient> {
  const folder = config.LEARNFLOW_DATA_DIR
  const running = await readRunning(folder)
  if (running === undefined)
    throw new PlatformError('NOT_RUNNING', `no platform runs on ${folder}`, { hint: 'learnflow up' })
  return apiClient({ url: running.url, also: running.also, token: await ownToken(config, { student, role }) })
}
