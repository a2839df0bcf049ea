import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { Topology } from '../platform/targets/local/layout.ts'
import { localPaths } from '../platform/targets/local/layout.ts'
import { openSupervisor } from '../platform/open.ts'
import { processNames } from '../platform/targets/local/topology.ts'
import type { Supervisor } from '../platform/ports/supervisor.ts'
import type { LocalTestPlatform } from '../verify/test-platform-local.ts'
import { memoryOf } from './memory.ts'

/**
 * One process of a local platform. `children_mb` is the memory of the processes that it started: interpreters,
 * PostgreSQL's backends.
 */
export interface ProcessFigures {
  name: string
  rss_mb: number
  children_mb: number
  /** The memory of its supervisor. */
  watcher_mb: number
  /**
   * From SIGKILL until it answers again, including the supervisor's pause of 250 ms; undefined where it cannot be
   * asked.
   */
  start_ms?: number
}

const Watched = z.object({ watcher: z.number().int() })
const limitMs = 60_000
const pollMs = 20

/** Measures the memory of every process, then kills each in turn and times its restart. */
export async function processFigures({
  folder,
  topology,
}: Pick<LocalTestPlatform, 'folder' | 'topology'>): Promise<ProcessFigures[]> {
  const supervisor = openSupervisor(localPaths(folder).processes)
  const names = await processNames(folder)
  const sizes = await Promise.all(names.map(async name => sizeOf(folder, name, supervisor)))
  const figures: ProcessFigures[] = []
  for (const size of sizes)
    figures.push({ ...size, ...(await timedStart(size.name, answersOf(topology).get(size.name), supervisor)) })
  return figures
}

async function sizeOf(folder: string, name: string, supervisor: Supervisor): Promise<ProcessFigures> {
  const { pid = 0 } = await supervisor.status(name)
  const { watcher } = Watched.parse(
    JSON.parse(await readFile(join(localPaths(folder).processes, `${name}.state.json`), 'utf8')),
  )
  const [{ own, children }, beside] = await Promise.all([memoryOf(pid), memoryOf(watcher)])
  return { name, rss_mb: Math.round(own), children_mb: Math.round(children), watcher_mb: Math.round(beside.own) }
}

async function timedStart(
  name: string,
  answers: (() => Promise<boolean>) | undefined,
  supervisor: Supervisor,
): Promise<{ start_ms?: number }> {
  const { pid } = await supervisor.status(name)
  if (answers === undefined || pid === undefined) return {}
  const start = performance.now()
  process.kill(pid, 'SIGKILL')
  while ((await supervisor.status(name)).pid === pid || !(await answers().catch(() => false))) {
    if (performance.now() - start > limitMs)
      throw new Error(`${name} does not answer ${limitMs / 1_000} s after it was killed`)
    await sleep(pollMs)
  }
  return { start_ms: Math.round(performance.now() - start) }
}

/**
 * How each process is asked whether it works: engines accept a connection, the API is ready, an agent is a member of
 * its group.
 */
function answersOf({ kafka, redis, postgres, members, engine }: Topology): Map<string, () => Promise<boolean>> {
  const says = (url: string) => async (): Promise<boolean> =>
    (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok
  const listens = (port: number) => async (): Promise<boolean> => isTaken(port)
  return new Map([
    ...kafka.map(({ port }, at) => [`kafka-${at + 1}`, listens(port)] as const),
    ...redis.map(({ port }, at) => [`redis-${at + 1}`, listens(port)] as const),
    ['postgres', listens(postgres.port)] as const,
    ...members.flatMap(({ name, port, sidecar }) => [
      ...(port === undefined ? [] : [[name, says(`http://127.0.0.1:${port}/health/ready`)] as const]),
      ...(port === undefined && engine === 'dapr'
        ? [[name, says(`http://127.0.0.1:${sidecar.app}/health`)] as const]
        : []),
      [`daprd-${name}`, says(`http://127.0.0.1:${sidecar.http}/v1.0/healthz/outbound`)] as const,
    ]),
  ])
}

async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    return await new Promise<boolean>(resolve =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    )
  } finally {
    socket.destroy()
  }
}
