import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { dataPaths } from '../../platform/owner/data-folder.ts'
import { masteryKey, type StoredMastery } from '../../schemas/state-keys.ts'
import { deadLetterQueue } from '../../schemas/topics.ts'
import type { Probe } from '../check.ts'
import { behindGateway, hookSettings, type UseFault } from '../fault.ts'
import type { FaultName } from './all.ts'
import type { Fault } from './fault.ts'
import { type LocalTestPlatform, type OperateOn, startLocalTestPlatform } from '../test-platform-local.ts'
import { topicSettings } from '../topic-settings.ts'
import { until } from '../wait.ts'
import { faults } from './all.ts'

/** Does the damage, adds its repair to `undo`, and returns the platform as the check shall see it. */
type Damage = (platform: LocalTestPlatform, undo: AsyncDisposableStack) => Promise<Probe>

const readyMs = 60_000

/** Faults that need other means where the log and the state are not tables of the history. */
const onEngines: Partial<Record<FaultName, Damage>> = {
  'state-corrupted': async ({ probe, stores: { state } }) => {
    const student = probe.newStudent()
    const components = { completion: 1, quiz: null, quality: null, consistency: 1 }
    // A time in the future, because the agent does not overwrite a newer computation.
    const wrong = {
      module: 'basics',
      mastery: 1,
      level: 'Beginner',
      components,
      bank_version: 'none',
      computed_at: '2999-01-01T00:00:00.000Z',
    }
    await state.set(masteryKey(student, 'basics'), wrong satisfies Record<keyof StoredMastery, unknown>)
    return { ...probe, newStudent: () => student }
  },
  'topic-dropped': async ({ probe, topology }, undo) => {
    const settings = topicSettings(topology)
    undo.defer(async () => {
      await settings.drop(deadLetterQueue)
      await probe.operate('kafka-topics/create', {})
    })
    await settings.drop(deadLetterQueue)
    await settings.make({ ...deadLetterQueue, partitions: 3 })
    return probe
  },
  'dead-letters-refused': async ({ probe, topology }, undo) => {
    const settings = topicSettings(topology)
    undo.defer(async () => settings.change(deadLetterQueue, {}))
    await settings.change(deadLetterQueue, { 'max.message.bytes': 1 })
    return probe
  },
}

/**
 * The platform of real engines with one fault after the other, each repaired before the next. Faults inside the
 * processes share a platform of their own.
 */
export async function withLocalFaults(
  names: readonly FaultName[],
  platform: LocalTestPlatform,
  operateOn: OperateOn,
  use: UseFault,
): Promise<void> {
  const hookOf = (name: FaultName): string | undefined => (faults[name] as Fault).hook
  for (const name of names) {
    if (hookOf(name) !== undefined) continue
    await using undo = new AsyncDisposableStack()
    await use(name, await (onEngines[name] ?? likeEmbedded(faults[name]))(platform, undo))
  }
  const inside = names.filter(name => hookOf(name) !== undefined)
  if (inside.length === 0) return
  const settings = hookSettings(inside.flatMap(name => hookOf(name) ?? []))
  await using own = await startLocalTestPlatform({ operateOn, settings })
  for (const name of inside) await use(name, own.probe)
}

/** Faults that work the same way on every target. */
const likeEmbedded =
  ({ sql: defaultSql = [], localSql: statements = defaultSql, secret, signal, openGateway }: Fault): Damage =>
  async (platform, undo) => {
    const { probe, folder } = platform
    undo.defer(async () => repairHistory(platform))
    for (const statement of statements) await sql.raw(statement).execute(platform.stores.history.db)
    if (secret !== undefined) {
      const right = await readFile(dataPaths(folder).secret, 'utf8')
      undo.defer(async () => changeSecret(platform, right))
      await changeSecret(platform, secret)
      return { ...probe, secret }
    }
    if (signal !== undefined) {
      for (const name of platform.namesOf('api')) await platform.signal(name, signal)
      undo.defer(
        async () =>
          void (await Promise.all(platform.namesOf('api').map(async name => platform.signal(name, 'SIGCONT')))),
      )
    }
    return openGateway === true ? await behindGateway(probe, undo) : probe
  }

/** Drops what the statements of the faults created. */
async function repairHistory({ stores: { history } }: LocalTestPlatform): Promise<void> {
  const { rows } = await sql<{
    name: string
  }>`select proname as name from pg_proc where proname like 'fault\\_%'`.execute(history.db)
  for (const { name } of rows) await sql.raw(`drop function ${name} cascade`).execute(history.db)
}

/** Restarts the API, which reads its secret only when it starts. */
async function changeSecret(
  { folder, topology, namesOf, signal, probe }: LocalTestPlatform,
  secret: string,
): Promise<void> {
  await writeFile(dataPaths(folder).secret, secret)
  for (const name of namesOf('api')) await signal(name, 'SIGKILL')
  await sleep(1_000)
  for (const { name, port } of topology.members.filter(({ role }) => role === 'api')) {
    const client = probe.client({ token: undefined }).at(`http://127.0.0.1:${port}`)
    const isReady = async (): Promise<boolean> =>
      (await client.raw('GET', '/health/ready', { timeoutMs: 2_000 }).catch(() => undefined))?.status === 200
    await until(`${name} is back with another secret`, isReady, { limitMs: readyMs })
  }
}
