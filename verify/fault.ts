import { cp, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import { readConfig } from '../platform/config.ts'
import { readSecret, takeDataFolder, dataPaths } from '../platform/owner/data-folder.ts'
import { openHistory } from '../platform/open.ts'
import { signToken } from '../api/tokens.ts'
import { type FaultName, faults } from './faults/all.ts'
import type { Fault } from './faults/fault.ts'
import { gateway } from './faults/gateway.ts'
import { openProbe, type Probe } from './check.ts'
import { startTestPlatform, temporaryFolder } from './test-platform.ts'

/** Starts a platform with `fault` on a copy of the prepared data folder `template`, and passes it on as a probe. */
export async function withFault<T>(
  name: FaultName | undefined,
  template: string,
  use: (probe: Probe) => Promise<T>,
): Promise<T> {
  const fault: Fault = name === undefined ? {} : faults[name]
  await using stack = new AsyncDisposableStack()
  const place = stack.use(await temporaryFolder())
  const folder = join(place.path, 'data')
  await cp(template, folder, { recursive: true })
  if (fault.sql !== undefined) await damageDatabase(folder, fault.sql)
  if (fault.secret !== undefined) await writeFile(dataPaths(folder).secret, fault.secret)
  const settings = fault.hook === undefined ? {} : hookSettings(fault.hook)
  const platform = stack.use(await startTestPlatform({ folder, settings }))
  const issuer = readConfig().LEARNFLOW_JWT_ISSUER
  const probe = await openProbe(folder, issuer)
  if (fault.signal !== undefined) process.kill(platform.pid, fault.signal)
  if (fault.openGateway !== true) return await use(probe)
  const door = stack.use(
    await gateway(
      probe.url,
      signToken(await readSecret(folder), issuer, { student: 'synthetic-gateway', role: 'operator' }),
    ),
  )
  return await use({ ...probe, url: door.url, client: bearer => probe.client(bearer).at(door.url) })
}

/** Runs statements on the database of a folder that no process owns. */
export async function damageDatabase(folder: string, statements: readonly string[]): Promise<void> {
  await using data = await takeDataFolder(folder)
  await using history = await openHistory(readConfig({ LEARNFLOW_DATA_DIR: folder }), data)
  for (const statement of statements) await sql.raw(statement).execute(history.db)
}

/** The settings that make every process of a platform load a hook before it starts. */
export function hookSettings(hook: string): Record<string, string> {
  const file = join(import.meta.dirname, 'faults', 'hooks', `${hook}${extname(import.meta.filename)}`)
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` }
}
