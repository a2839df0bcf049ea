import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileName, isFileName } from '../../tutor/exercise/parse-exercise.ts'
import { readRunning } from '../../platform/owner/data-folder.ts'
import { codes, PlatformError } from '../../platform/errors.ts'
import { ExerciseAdded, ExerciseRetired, Problem } from '../../schemas/api.ts'
import { configOf } from '../../skills/command.ts'
import { printData, printLines } from '../../skills/output.ts'
import { apiClient } from '../../api/client.ts'
import { ownToken } from './token.ts'

interface AuthorOptions {
  owner: string
  data?: string
  json?: boolean
}

/** A proof runs hundreds of changed programs. */
const proofMs = 120_000

/** Adds the exercise of a file or folder, once the platform has proven it. */
export async function addExercise(path: string, options: AuthorOptions): Promise<void> {
  const body = await exerciseAt(path)
  const { id, version, created, mutants } = ExerciseAdded.parse(
    await callAs(options, 'POST', '/api/v1/exercises', body),
  )
  if (options.json) printData({ id, version, created, mutants })
  else
    printLines([
      `${id} version ${version}: ${created ? 'added' : 'unchanged'}, ${mutants.caught} of ${mutants.made} mutants caught`,
    ])
}

/** Takes an added exercise back; what was handed in for it keeps its grades. */
export async function retireExercise(id: string, options: AuthorOptions): Promise<void> {
  const retired = ExerciseRetired.parse(await callAs(options, 'DELETE', `/api/v1/exercises/${encodeURIComponent(id)}`))
  if (options.json) printData(retired)
  else printLines([`${retired.id}: retired; add it again to bring it back`])
}

/** The text of an exercise file with the programs that lie beside it. @throws NOT_FOUND */
async function exerciseAt(path: string): Promise<{ text: string; programs: Record<string, string> }> {
  const file = (await stat(path).catch(() => undefined))?.isDirectory() === true ? join(path, fileName) : path
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PlatformError('NOT_FOUND', `there is no exercise file ${file}`, {
      hint: `Give an exercise file, or a folder with ${fileName} in it.`,
      cause,
    })
  })
  // Only what the text names: the folder may hold anything.
  const names = (await readdir(dirname(file))).filter(name => isFileName(name) && text.includes(name))
  return {
    text,
    programs: Object.fromEntries(
      await Promise.all(names.map(async name => [name, await readFile(join(dirname(file), name), 'utf8')])),
    ),
  }
}

/** Calls the API as an operator of this name. @throws NOT_RUNNING, and what the API answers, with every problem on a line of its own. */
async function callAs({ owner, data }: AuthorOptions, method: string, path: string, body?: unknown): Promise<unknown> {
  const config = configOf(data)
  const running = await readRunning(config.LEARNFLOW_DATA_DIR)
  if (running === undefined)
    throw new PlatformError('NOT_RUNNING', `no platform runs on ${config.LEARNFLOW_DATA_DIR}`, { hint: 'learnflow up' })
  const client = apiClient({
    url: running.url,
    also: running.also,
    token: await ownToken(config, { student: owner, role: 'operator' }),
  })
  const reply = await client.raw(method, path, { timeoutMs: proofMs, ...(body === undefined ? {} : { body }) })
  if (reply.status < 400) return reply.body
  const { code, detail, hint, errors } = Problem.parse(reply.body)
  const lines = errors?.map(({ path: at, line, message }) => `${at}${line === undefined ? '' : `:${line}`}: ${message}`)
  throw new PlatformError(code in codes ? (code as keyof typeof codes) : 'INTERNAL', lines?.join('\n') ?? detail, {
    hint,
  })
}
