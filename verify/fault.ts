import { randomBytes } from 'node:crypto'
import { cp, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import { takeDataFolder, dataPaths } from '../platform/owner/data-folder.ts'
import { openHistory } from '../platform/open.ts'
import { signToken } from '../api/tokens.ts'
import { type FaultName, faults } from './faults/all.ts'
import type { Fault } from './faults/fault.ts'
import { gateway } from './faults/gateway.ts'
import { openProbe, type Probe } from './check.ts'
import { startTestPlatform, temporaryFolder, throwawayConfig } from './test-platform.ts'

/** Has the checks of a fault run on a platform that has it. */
export type UseFault = (name: FaultName, probe: Probe) => Promise<void>

/** A platform whose start the faults of `names` damaged, on a copy of the prepared data folder `template`. */
export async function startFaulty(
  names: readonly FaultName[],
  template: string,
): Promise<AsyncDisposable & { pid: number; probe: Probe }> {
  const all = names.map((name): Fault => faults[name])
  await using stack = new AsyncDisposableStack()
  const place = stack.use(await temporaryFolder())
  const folder = join(place.path, 'data')
  // A platform that was killed leaves its socket, which is no file to copy.
  const { socket } = dataPaths(template)
  await cp(template, folder, { recursive: true, filter: source => source !== socket })
  await damageDatabase(
    folder,
    all.flatMap(({ sql = [] }) => sql),
  )
  for (const { secret } of all) if (secret !== undefined) await writeFile(dataPaths(folder).secret, secret)
  const settings = hookSettings(all.flatMap(({ hook }) => hook ?? []))
  const { pid } = stack.use(await startTestPlatform({ folder, settings }))
  const probe = await openProbe(folder, throwawayConfig())
  const owned = stack.move()
  return { pid, probe, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
}

/**
 * Passes on a platform with all faults of `names`, for one after the other. A signal is sent last, because nothing else
 * can be measured after it.
 */
export async function withFaults(names: readonly FaultName[], template: string, use: UseFault): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const { pid, probe } = stack.use(await startFaulty(names, template))
  const signalOf = (name: FaultName): NodeJS.Signals | undefined => (faults[name] as Fault).signal
  const [early, last] = [names.filter(name => !signalOf(name)), names.filter(signalOf)]
  for (const name of [...early, ...last]) {
    const signal = signalOf(name)
    if (signal !== undefined) process.kill(pid, signal)
    const { openGateway }: Fault = faults[name]
    await use(name, openGateway === true ? await behindGateway(probe, stack) : probe)
  }
}

/** The platform as its clients see it through a gateway that makes an operator of everybody. */
export async function behindGateway(probe: Probe, stack: AsyncDisposableStack): Promise<Probe> {
  const student = `synthetic-${randomBytes(6).toString('hex')}`
  const token = signToken(probe.secret, throwawayConfig().LEARNFLOW_JWT_ISSUER, { student, role: 'operator' })
  const { url } = stack.use(await gateway(probe.url, token))
  return { ...probe, url, client: bearer => probe.client(bearer).at(url) }
}

/** Runs statements on the database of a folder that no process owns. */
export async function damageDatabase(folder: string, statements: readonly string[]): Promise<void> {
  if (statements.length === 0) return
  await using data = await takeDataFolder(folder)
  await using history = await openHistory(throwawayConfig({ LEARNFLOW_DATA_DIR: folder }), data)
  for (const statement of statements) await sql.raw(statement).execute(history.db)
}

/** The settings that make every process of a platform load hooks before it starts. */
export function hookSettings(hooks: readonly string[]): Record<string, string> {
  const files = hooks.map(hook =>
    join(import.meta.dirname, 'faults', 'hooks', `${hook}${extname(import.meta.filename)}`),
  )
  return files.length === 0 ? {} : { NODE_OPTIONS: files.map(file => `--import=${pathToFileURL(file).href}`).join(' ') }
}
