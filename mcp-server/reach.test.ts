import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { agentToken } from './auth.ts'
import { connectHttp, scratch } from './fixture/client.ts'
import { serveHttp } from './http.ts'
import { serverFactory } from './server.ts'

test('a changed setting opens no other folder, and from another machine nobody changes folders or whom is trusted', async () => {
  const place = scratch()
  onTestFinished(() => (place.remove(), void vi.unstubAllEnvs()))
  vi.stubEnv('XDG_STATE_HOME', place.env.XDG_STATE_HOME)
  mkdirSync(place.data, { recursive: true })
  const config = readConfig({ LEARNFLOW_DATA_DIR: place.data }, {}, place.folder)
  // As after `settings set data_dir`.
  const settings = () => ({ ...config, LEARNFLOW_DATA_DIR: place.folder })
  const options = { config, host: '127.0.0.1', port: 0 }
  const factory = await serverFactory({ config, settings, version: '0.0.0' })
  await using guarded = await serveHttp(factory, { ...options, auth: true })
  await using open = await serveHttp(factory, { ...options, auth: false })
  await using remote = await connectHttp(guarded.url, '2026-07-28', await agentToken(config, false))
  await using local = await connectHttp(open.url)
  const file = join(place.folder, 'other.json')
  writeFileSync(file, '{}')
  const forbidden = { failed: true, structured: { code: 'FORBIDDEN' } }
  for (const who of [remote, local])
    expect(await who.call('read', { op: 'event-schemas/validate', args: { file } })).toMatchObject(forbidden)
  const js = `return lf.read('event-schemas/validate', { file: ${JSON.stringify(file)} })`
  expect(await remote.call('code', { js })).toMatchObject(forbidden)

  const set = async (who: typeof local, name: string) =>
    who.call('change', { op: 'settings/set', args: { name, unset: true }, dry_run: true })
  for (const name of ['data_dir', 'DATA-DIR', 'LEARNFLOW_TOKEN_FILE', 'model_url', 'model_key_file', 'jwt_issuer']) {
    expect(await set(remote, name), name).toMatchObject(forbidden)
    expect(await set(local, name), name).toMatchObject({ failed: false })
  }
  expect(await set(remote, 'lease_seconds')).toMatchObject({ failed: false })
  const inside = `return lf.change('settings/set', { name: 'jwt_issuer', unset: true })`
  expect(await remote.call('code', { js: inside, allow: ['settings/set'] })).toMatchObject(forbidden)
}, 30_000)
