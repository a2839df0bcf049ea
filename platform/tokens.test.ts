import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSigner } from 'fast-jwt'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { signingSecret, tokenVerifier, verifyingSecret } from './tokens.ts'

const text = 'thirty-two bytes of random text.'

async function place(secret?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-secret-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  const [file, data] = [join(folder, 'secret'), join(folder, 'data')]
  if (secret !== undefined) await writeFile(file, secret)
  return { data, config: readConfig({ LEARNFLOW_DATA_DIR: data, LEARNFLOW_JWT_SECRET_FILE: file }, {}, '/') }
}

test('tokens are verified with the secret of a file, and nothing is written into the data folder', async () => {
  const { data, config } = await place(`${text}\n`)
  const verify = tokenVerifier(config, await verifyingSecret(config), 'learnflow')
  const sign = (key: string) =>
    createSigner({ key, algorithm: 'HS256', iss: 'learnflow', aud: 'learnflow', expiresIn: 60_000 })({ sub: 'ann' })
  expect(await verify(sign(text))).toMatchObject({ sub: 'ann' })
  await expect(verify(sign(`${text}x`))).rejects.toThrow('the token is not one of ours')
  expect(existsSync(data)).toBe(false)
})

test('with an identity provider there is no secret and no folder', async () => {
  const data = join(tmpdir(), 'learnflow-that-is-not-there')
  const config = readConfig({ LEARNFLOW_DATA_DIR: data, LEARNFLOW_JWT_JWKS_URL: 'https://id.example/keys' }, {}, '/')
  expect(await verifyingSecret(config)).toBeUndefined()
  expect(existsSync(data)).toBe(false)
})

test('a file with too little, or none, is a fault that names the setting', async () => {
  const short = await place('31 bytes of text are not enough')
  await expect(signingSecret(short.config)).rejects.toThrow(/LEARNFLOW_JWT_SECRET_FILE names .*holds 31 bytes/)
  const absent = await place()
  await expect(signingSecret(absent.config)).rejects.toThrow(/cannot be read \(ENOENT\)/)
})
