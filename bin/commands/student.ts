import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { configOf } from '../../skills/command.ts'
import { printData, printLines } from '../../skills/output.ts'
import { readRunning } from '../../platform/owner/data-folder.ts'
import { codes, PlatformError } from '../../platform/errors.ts'
import type { Grade, RequestState } from '../../schemas/api.ts'
import { type ApiClient, apiClient } from '../../api/client.ts'
import { ownToken } from './token.ts'

interface StudentOptions {
  student: string
  data?: string
  json?: boolean
}

/** Longest wait for a verdict or an answer: the worst case that is promised. */
const waitMs = 30_000

/** The API as this student. @throws NOT_RUNNING */
async function api({ student, data }: { student: string; data?: string | undefined }): Promise<ApiClient> {
  const config = configOf(data)
  const folder = config.LEARNFLOW_DATA_DIR
  const running = await readRunning(folder)
  if (running === undefined)
    throw new PlatformError('NOT_RUNNING', `no platform runs on ${folder}`, { hint: 'learnflow up' })
  return apiClient({ url: running.url, also: running.also, token: await ownToken(config, { student }) })
}

async function programFrom(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
  } catch (cause) {
    throw new PlatformError('INVALID_INPUT', `the program ${file} cannot be read`, {
      hint: 'Give the path of a Python file, or - for stdin.',
      cause,
    })
  }
}

/** What the request came to; what failed for good or takes too long is a failure of the command. */
async function outcome(client: ApiClient, id: string): Promise<RequestState> {
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
    throw new PlatformError(code in codes ? (code as keyof typeof codes) : 'INTERNAL', message, { hint })
  }
  return state
}

/** Hands a program in and tells the verdict. */
export async function submitCommand(
  file: string,
  options: StudentOptions & { exercise: string; key?: string },
): Promise<void> {
  const [client, code] = [await api(options), await programFrom(file)]
  const { request_id } = await client.submit(options.exercise, code, options.key ?? randomUUID())
  const { grade } = await outcome(client, request_id)
  if (grade === null)
    throw new PlatformError('INTERNAL', `request ${request_id} is done without a grade`, { hint: 'learnflow logs' })
  if (options.json) printData(grade)
  else printLines(verdictLines(grade))
}

const maxShown = 5
const short = (value: string): string => (value.length > 60 ? `${value.slice(0, 59)}…` : value)

function verdictLines({ verdict, score, tests, attempt, duration_ms, notes, error }: Grade): string[] {
  const failing = tests.filter(test => !test.passed)
  const visible = failing.filter(test => !test.hidden)
  const hidden = failing.length - visible.length
  const passed = tests.length - failing.length
  const why = (error as { message?: string } | null | undefined)?.message
  return [
    `${verdict}, score ${Number(score.toFixed(2))}, ${passed} of ${tests.length} tests, attempt ${attempt}, ${duration_ms.toFixed(0)} ms`,
    ...(why === undefined ? [] : [short(why)]),
    ...visible
      .slice(0, maxShown)
      .map(({ call, got, expected }) => `${short(call)}: got ${short(got)}, expected ${short(expected)}`),
    ...(visible.length > maxShown ? [`${visible.length - maxShown} more visible tests failed`] : []),
    ...(hidden > 0 ? [`${hidden} hidden tests failed`] : []),
    ...notes.slice(0, maxShown).map(note => `note: ${short(note.text)}`),
  ]
}

/** Asks a question and tells the answer, or where it was routed when nobody answers it. */
export async function askCommand(message: string, options: StudentOptions & { code?: string }): Promise<void> {
  const client = await api(options)
  const code = options.code === undefined ? null : await programFrom(options.code)
  const reply = await client.ask(message, code)
  if ('route' in reply) {
    const { route, hint, code: reason } = reply
    const facts =
      route === null ? 'no agent' : `${route.agent ?? 'no agent'}, ${route.intent} ${route.confidence.toFixed(2)}`
    if (options.json) printData(reply)
    else printLines([`${facts}: ${hint}`])
    if (reason === 'AGENT_ABSENT') process.exitCode = codes.AGENT_ABSENT.exit
    return
  }
  const { agent, result } = 'result' in reply ? reply : await outcome(client, reply.request_id)
  if (options.json) printData({ agent, result })
  else printLines([`${agent}: ${(result as { text?: string } | null)?.text ?? JSON.stringify(result)}`])
}

/** The exercises, one a line. */
export async function exercisesCommand(
  options: Omit<StudentOptions, 'student'> & { module?: string; limit: string },
): Promise<void> {
  const client = await api({ student: 'student-1', data: options.data })
  const { exercises } = await client.exercises(options.module === undefined ? {} : { module: options.module })
  if (options.json) return printData(exercises)
  const shown = exercises.slice(0, count(options.limit))
  printLines([
    ...shown.map(({ id, module, level, title }) => `${id}  ${module} ${level}  ${title}`),
    `${shown.length} of ${exercises.length} exercises`,
  ])
}

/** What a student handed in. */
export async function submissionsCommand(options: StudentOptions & { limit: string }): Promise<void> {
  const { submissions, next } = await (await api(options)).submissions({ limit: String(count(options.limit)) })
  if (options.json) return printData({ submissions, next })
  printLines([
    ...submissions.map(
      ({ received_at, exercise_id, attempt, status, verdict }) =>
        `${received_at}  ${exercise_id} ${attempt}  ${verdict ?? status}`,
    ),
    `${submissions.length} submissions of ${options.student}${next === null ? '' : ', there are more: --limit'}`,
  ])
}

function count(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1)
    throw new PlatformError('INVALID_INPUT', `--limit ${text.slice(0, 20)} is not a number from 1`, {
      hint: '--limit 20',
    })
  return Number(text)
}
