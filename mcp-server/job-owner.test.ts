import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createSigner } from 'fast-jwt'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { readSecret } from '../platform/owner/data-folder.ts'
import { connectHttp, scratch } from './fixture/client.ts'
import { serveHttp } from './http.ts'
import { serverFactory } from './server.ts'

test('jobs belong to who began them, and a token that may only read cancels no change', async () => {
  const place = scratch()
  onTestFinished(() => (place.remove(), void vi.unstubAllEnvs()))
  vi.stubEnv('XDG_STATE_HOME', place.env.XDG_STATE_HOME)
  mkdirSync(place.data, { recursive: true })
  const config = readConfig({ LEARNFLOW_DATA_DIR: place.data }, {}, place.folder)
  const root = join(import.meta.dirname, 'fixture')
  const serve = async (auth: boolean) =>
    serveHttp(await serverFactory({ config, version: '0.0.0', root, answerMs: 1 }), {
      config,
      host: '127.0.0.1',
      port: 0,
      auth,
    })
  const tokenOf = async (sub: string, scope: string): Promise<string> =>
    createSigner({
      key: await readSecret(place.data),
      algorithm: 'HS256',
      iss: config.LEARNFLOW_JWT_ISSUER,
      aud: 'learnflow-mcp',
      expiresIn: 60_000,
    })({ sub, scope, client_id: 'shared' })
  await using guarded = await serve(true)
  await using open = await serve(false)
  const as = async (sub: string, scope = 'learnflow:read learnflow:change') =>
    connectHttp(guarded.url, '2026-07-28', await tokenOf(sub, scope))
  await using ann = await as('ann')
  await using annReads = await as('ann', 'learnflow:read')
  await using bob = await as('bob')
  await using local = await connectHttp(open.url, '2026-07-28')
  const begun = await ann.call('change', { op: 'demo/stubborn' })
  const { job: id } = begun.structured
  expect(id).toEqual(expect.any(String))
  for (const action of ['status', 'wait', 'cancel'])
    expect((await bob.call('job', { action, id, seconds: 0 })).structured, action).toMatchObject({ code: 'NOT_FOUND' })
  const uri = `learnflow://log/${String(id)}`
  await expect(bob.client.readResource({ uri })).rejects.toThrow('there is no job')
  expect(JSON.stringify(await ann.client.readResource({ uri }))).toContain('untrusted log')
  const listed = async (who: typeof ann) => (await who.call('job', { action: 'list' })).text.includes(String(id))
  expect(await Promise.all([ann, annReads, bob, local].map(listed))).toEqual([true, true, false, true])
  expect((await annReads.call('job', { action: 'status', id })).structured).toMatchObject({ job: id })
  expect((await annReads.call('job', { action: 'cancel', id })).structured).toMatchObject({ code: 'FORBIDDEN' })
  expect(await ann.call('job', { action: 'cancel', id })).toMatchObject({ failed: false })
}, 30_000)
