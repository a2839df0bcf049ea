import { extname, join } from 'node:path'
import { PlatformError } from '../../platform/errors.ts'
import { stopAll } from '../../platform/local/deploy.ts'
import { processNames, readPlace, takePlace } from '../../platform/local/place.ts'
import type { ProcessState, Supervisor } from '../../platform/ports/supervisor.ts'
import { openProbe } from '../../verify/check.ts'
import { verify } from '../../verify/run.ts'
import type { Context } from '../definition.ts'
import { localSupervisor } from '../local-engine.ts'
import { operateHere, runScript } from '../registry.ts'
import { failureIn, sizeOf } from './log-tail.ts'
import { findPlatform, type Found, isReady, until } from './running.ts'

const entry = join(import.meta.dirname, '..', '..', 'bin', `learnflow${extname(import.meta.filename)}`)
/** The process whose log is meant when nobody names one. */
export const apiProcess = 'api'
/** The agents of this version, each a process of its name. */
const agents = ['triage', 'exercise', 'progress'] as const
const engineScripts = ['kafka-deploy/deploy', 'redis-cluster/deploy', 'postgres/deploy'] as const
const dataScripts = ['history/migrate', 'kafka-topics/create'] as const
/** What has to hold before `up` says so; `learnflow verify` measures all. */
const firstChecks = ['topics', 'grading.right', 'grading.wrong', 'mastery'] as const
const drainMs = 45_000
const rightProgram = 'def square(n):\n    return n * n\n'

interface Wanted {
  port: number
  waitSeconds: number
}

/** What `up` did: the platform as it is found now, how many processes were started, and which checks passed. */
export interface Up {
  found: Found
  started: number
  verified: string
}

const commandOf = (name: string, folder: string, port: number): string[] =>
  name === apiProcess ? [entry, 'api', '--data', folder, '--port', String(port)] : [entry, 'worker', name, '--data', folder]

const own = [...agents, apiProcess]

async function idle(names: readonly string[], supervisor: Supervisor): Promise<string[]> {
  const states = await Promise.all(names.map(async name => supervisor.status(name)))
  return names.filter((_, at) => !['running', 'restarting'].includes(states[at]?.status ?? ''))
}

/** What `up` would start, one line per step. */
export async function planUp({ config, progress, signal }: Context, port: number): Promise<string[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  const engines = await Promise.all(engineScripts.map(async id => runScript(id, {}, { config, dryRun: true, progress, signal })))
  const fresh = (await readPlace(folder)) === undefined ? ['migrate the history', 'create the topics'] : []
  const mine = (await idle(own, localSupervisor(folder))).map(name => (name === apiProcess ? `start the API on port ${port}` : `start the agent ${name}`))
  return [...engines.flatMap(({ plan }) => plan), ...fresh, ...mine]
}

/**
 * Brings every process of the `local` target up by the skills that deploy each, in order: engines, their data, agents, API; then proves it.
 * What runs is left as it is. @throws what the skills throw; CHECK_FAILED when it is up and does not do its work.
 */
export async function upLocal(context: Context, { port, waitSeconds }: Wanted): Promise<Up> {
  const { config, progress, signal } = context
  const folder = config.LEARNFLOW_DATA_DIR
  await takePlace(config, true)
  const run = async (id: string): Promise<number> => (await runScript(id, {}, { config, progress, signal })).changed
  let started = (await Promise.all(engineScripts.map(run))).reduce((sum, count) => sum + count, 0)
  for (const id of dataScripts) await run(id)
  const supervisor = localSupervisor(folder)
  const starting = await idle(own, supervisor)
  await Promise.all(starting.map(async name => startOwn(name, folder, port, supervisor)))
  started += starting.length
  const found = await untilReady(folder, supervisor, waitSeconds, signal)
  if (started === 0) return { found, started, verified: '' }
  await firstGrade(folder, config.LEARNFLOW_JWT_ISSUER, waitSeconds)
  const { ok, total, lines } = await verify(folder, firstChecks, progress, operateHere(config))
  if (!ok)
    throw new PlatformError('CHECK_FAILED', [total, ...lines.filter(line => line.startsWith('FAIL'))].join('\n'), { hint: 'learnflow status; learnflow logs' })
  return { found, started, verified: total }
}

async function startOwn(name: string, folder: string, port: number, supervisor: Supervisor): Promise<void> {
  const { log } = await supervisor.status(name)
  const logged = await sizeOf(log)
  try {
    await supervisor.start(name, commandOf(name, folder, port))
  } catch (error) {
    throw (await failureIn(log, logged)) ?? error
  }
}

async function untilReady(folder: string, supervisor: Supervisor, waitSeconds: number, signal: AbortSignal): Promise<Found> {
  await until(async () => isReady(await findPlatform(folder)) || (await supervisor.status(apiProcess)).status === 'stopped', waitSeconds * 1_000, signal)
  const found = await findPlatform(folder)
  if (isReady(found)) return found
  const { log } = await supervisor.status(apiProcess)
  throw (
    (await failureIn(log, 0)) ??
    new PlatformError('DEPENDENCY_DOWN', `the API is not ready after ${waitSeconds} s`, { hint: `See ${log}, then learnflow status.` })
  )
}

/** A first program takes long: its agent may still be joining its group, and the interpreters start with it. */
async function firstGrade(folder: string, issuer: string, waitSeconds: number): Promise<void> {
  const probe = await openProbe(folder, issuer)
  const client = probe.client({ student: probe.newStudent() })
  const { status } = await client.ended((await client.submit('square', rightProgram, 'first')).request_id, waitSeconds * 1_000)
  if (status === 'done') return
  throw new PlatformError('CHECK_FAILED', `a first program is ${status} after ${waitSeconds} s`, {
    hint: 'learnflow status; learnflow logs --process exercise',
  })
}

/** The state of every process that was ever started here; an empty list for a folder of another target. */
export async function localProcesses(folder: string): Promise<ProcessState[]> {
  if ((await readPlace(folder)) === undefined) return []
  const supervisor = localSupervisor(folder)
  return Promise.all((await processNames(folder)).map(async name => supervisor.status(name)))
}

/** Stops what runs: the API first, then the agents, which finish what they have in hand, then the engines. Returns the names of those that ran. */
export async function downLocal(folder: string, graceMs = drainMs): Promise<string[]> {
  const [names, supervisor] = [await processNames(folder), localSupervisor(folder)]
  const engines = names.filter(name => !own.some(one => one === name))
  const steps = [[apiProcess], names.filter(name => name !== apiProcess && !engines.includes(name)), engines]
  const stopped: string[] = []
  for (const step of steps)
    stopped.push(
      ...(await stopAll(
        step.filter(name => names.includes(name)),
        supervisor,
        graceMs,
      )),
    )
  return stopped
}
