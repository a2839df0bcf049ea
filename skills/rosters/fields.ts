import { refusalOf, type Reply } from '../../api/client.ts'
import type { Config } from '../../platform/config.ts'
import { ClassId, type Role } from '../../schemas/words.ts'
import { apiAs } from '../tutoring/client.ts'

export const classField = ClassId.describe('the class')

/** Calls the API as this person, an operator by default. @throws the error that the API returns */
export async function callAs(
  config: Config,
  method: string,
  path: string,
  body?: unknown,
  { student, role }: { student: string; role: Role } = { student: 'operator', role: 'operator' },
): Promise<Reply> {
  const client = await apiAs(config, student, role)
  const reply = await client.raw(method, `/api/v1/${path}`, body === undefined ? {} : { body })
  if (reply.status < 400) return reply
  throw refusalOf(reply)
}
