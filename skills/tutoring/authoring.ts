import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ApiClient } from '../../api/client.ts'
import { PlatformError } from '../../platform/errors.ts'
import { Problem } from '../../schemas/api.ts'
import { fileName, isFileName } from '../../tutor/exercise/parse-exercise.ts'
import { codeOf } from './outcome.ts'

/** In ms: a proof runs hundreds of changed programs. */
const proofMs = 120_000

/** The text of an exercise file with the programs beside it. @throws NOT_FOUND */
export async function exerciseAt(path: string): Promise<{ text: string; programs: Record<string, string> }> {
  const file = (await stat(path).catch(() => undefined))?.isDirectory() === true ? join(path, fileName) : path
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PlatformError('NOT_FOUND', `there is no exercise file ${file}`, {
      hint: `Give an exercise file, or a folder with ${fileName} in it.`,
      cause,
    })
  })
  // Only files that the text names, because the folder may hold others.
  const names = (await readdir(dirname(file))).filter(name => isFileName(name) && text.includes(name))
  return {
    text,
    programs: Object.fromEntries(
      await Promise.all(names.map(async name => [name, await readFile(join(dirname(file), name), 'utf8')])),
    ),
  }
}

/** Calls the API about an exercise. @throws the error that the API returns, with every problem on a line of its own. */
export async function author(
  client: ApiClient,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const reply = await client.raw(method, path, { timeoutMs: proofMs, headers, ...(body === undefined ? {} : { body }) })
  if (reply.status < 400) return reply.body
  const { code, detail, hint, errors } = Problem.parse(reply.body)
  const lines = errors?.map(({ path: at, line, message }) => `${at}${line === undefined ? '' : `:${line}`}: ${message}`)
  throw new PlatformError(codeOf(code), lines?.join('\n') ?? detail, { hint })
}
