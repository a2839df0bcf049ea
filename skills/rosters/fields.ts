import { type ApiClient, refusalOf, type Reply } from '../../api/client.ts'
import type { Config } from '../../platform/config.ts'
import { ClassId } from '../../schemas/words.ts'
import { callerAsStaff } from '../tutoring/client.ts'

export const classField = ClassId.describe('the class')

/** Calls the API as an operator, or as the person of the given token. @throws the error that the API returns */
export async function callAsOperator(config: Config, method: string, path: string, body?: unknown): Promise<Reply> {
  const { client } = await callerAsStaff(config)
  return call(client, method, path, body)
}

/** @throws the error that the API returns */
export async function call(client: ApiClient, method: string, path: string, body?: unknown): Promise<Reply> {
  const reply = await client.raw(method, `/api/v1/${path}`, body === undefined ? {} : { body })
  if (reply.status < 400) return reply
  throw refusalOf(reply)
}
