import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { readPublicKey } from './public-key.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const jwk = publicKey.export({ format: 'jwk' })

test.each(
  Object.entries({
    'a PEM': pem,
    'with \\n for line breaks': pem.replaceAll('\n', '\\n'),
    'with Windows line ends': pem.replaceAll('\n', '\r\n'),
    'on one line': pem.replaceAll('\n', ' '),
    'in quotes': `"${pem.replaceAll('\n', '\\n')}"`,
    'in base64': base64(pem),
    'its bytes in base64': publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    'as PKCS #1': publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    'a JWK': JSON.stringify(jwk),
    'a JWK in base64': base64(JSON.stringify(jwk)),
    'a key set of one': JSON.stringify({ keys: [jwk] }),
  }),
)('a public key is read: %s', (_, text) => {
  expect(readPublicKey(text)).toEqual({ pem, algorithm: 'RS256' })
  expect(readConfig({ LEARNFLOW_JWT_PUBLIC_KEY: text }, {}, '/').LEARNFLOW_JWT_PUBLIC_KEY).toBe(text)
})

test('a public key is read from a file, and keys of other types have their algorithm', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-key-'))
  onTestFinished(async () => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'key.pem'), pem)
  expect(readPublicKey(join(folder, 'key.pem'))).toEqual({ pem, algorithm: 'RS256' })
  const curve = (namedCurve: string): string =>
    generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' }).toString()
  expect(readPublicKey(curve('P-256')).algorithm).toBe('ES256')
  expect(() => readPublicKey(curve('P-384'))).toThrow('another curve')
})

test.each([
  ['garbage', /is no key \(7 characters\)/],
  ['x'.repeat(300), /is no key in base64/],
  ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', /damaged PEM/],
  ['-----BEGIN PUBLIC KEY-----\nMIIB', /without its end/],
  [privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), /private key: give the public one/],
  [JSON.stringify(privateKey.export({ format: 'jwk' })), /no JWK of one public key/],
  ['/no/such/key.pem', /names a file that is not there/],
  ['https://issuer.example/keys', /LEARNFLOW_JWT_JWKS_URL/],
  ['', /is no key \(0 characters\)/],
])('what is no public key is a fault of the settings: %s', (text, reason) => {
  expect(() => readConfig({ LEARNFLOW_JWT_PUBLIC_KEY: text }, {}, '/')).toThrow(reason)
})

test('one of two sources of keys can be set', () => {
  const both = { LEARNFLOW_JWT_PUBLIC_KEY: pem, LEARNFLOW_JWT_JWKS_URL: 'https://issuer.example/keys' }
  expect(() => readConfig({}, both, '/')).toThrow('set either')
})
