import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { readConfig } from '../platform/config.ts'
import { readSecret, takeDataFolder, dataPaths } from '../platform/owner/data-folder.ts'
import { openHistory } from '../platform/open.ts'
import { signToken } from '../api/tokens.ts'
import { type FaultName, faults } from './faults/all.ts'
import type { Fault } from './faults/fault.ts'
import { gateway } from './faults/gateway.ts'
import { openProbe, type Probe } from './check.ts'
import { copyTree, startTestPlatform, temporaryFolder } from './test-platform.ts'

/** A platform with `fault` in it, on a copy of the prepared data folder `template`, as a probe sees it. */
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
  const tree = fault.patches === undefined ? undefined : await damagedTree(join(place.path, 'tree'), fault.patches)
  const platform = stack.use(await startTestPlatform({ folder, ...(tree === undefined ? {} : { tree }) }))
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

/** Runs statements on the database of a folder that nobody runs. */
export async function damageDatabase(folder: string, statements: readonly string[]): Promise<void> {
  await using data = await takeDataFolder(folder)
  await using history = await openHistory(readConfig({ LEARNFLOW_DATA_DIR: folder }), data)
  for (const statement of statements) await sql.raw(statement).execute(history.db)
}

/** A copy of the sources with a fault in it. */
export async function damagedTree(tree: string, patches: NonNullable<Fault['patches']>): Promise<string> {
  await mkdir(tree)
  await copyTree(tree)
  for (const { file, from, to } of patches) {
    const source = await readFile(join(tree, file), 'utf8')
    if (!from.test(source)) throw new Error(`the fault expects ${from} in ${file}: it moved, so the fault must follow`)
    await writeFile(join(tree, file), source.replace(from, to))
  }
  return tree
}
