import { createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'

/** The algorithm of tokens by the type of their key. */
const algorithms = { rsa: 'RS256', ec: 'ES256', ed25519: 'EdDSA' } as const

/** A key that verifies tokens: PEM, and the one algorithm that it is used with. */
export interface PublicKey {
  pem: string
  algorithm: (typeof algorithms)[keyof typeof algorithms]
}

const forms = 'a PEM, also on one line with \\n, its base64, a JWK, or the path of a file with one of these'

/**
 * Reads a public key in the ways in which people give one.
 * @throws Error that says what was found instead
 */
export function readPublicKey(given: string): PublicKey {
  const key = keyIn(given.trim().replace(/^(["'])(.*)\1$/s, '$2'), true)
  const type = key.asymmetricKeyType ?? ''
  if (!(type in algorithms)) throw new Error(`is a key of type ${type}: RSA, EC P-256 and Ed25519 verify tokens`)
  if (type === 'ec' && key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error('is a key of another curve than P-256')
  return {
    pem: key.export({ type: 'spki', format: 'pem' }).toString(),
    algorithm: algorithms[type as keyof typeof algorithms],
  }
}

function keyIn(text: string, mayBePath: boolean): KeyObject {
  if (/PRIVATE KEY-----/.test(text)) throw new Error('is a private key: give the public one, and keep that secret')
  if (text.includes('-----BEGIN')) return fromPem(text)
  if (text.startsWith('{')) return fromJson(text)
  if (/^https?:/.test(text)) throw new Error('is an address: LEARNFLOW_JWT_JWKS_URL takes the address of a key set')
  const path = text.replace(/^file:\/\//, '')
  if (mayBePath && path.length < 4_096 && existsSync(path)) return keyIn(fileText(path), false)
  if (mayBePath && /^[./~]|\.(?:pem|key|pub|crt|json)$/.test(path))
    throw new Error(`names a file that is not there: ${path}`)
  return fromBase64(text)
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    throw new Error(`names a file that cannot be read: ${path} (${code})`, { cause })
  }
}

/** Line breaks may have become `\n`, spaces or nothing on the way through an environment. */
function fromPem(text: string): KeyObject {
  const found = /-----BEGIN ([A-Z ]+)-----(.*)-----END \1-----/s.exec(
    text.replaceAll('\\n', '\n').replaceAll('\\r', ''),
  )
  if (found === null) throw new Error('is a PEM without its end')
  const [, label = '', body = ''] = found
  const lines = body.replaceAll(/\s+/g, '').match(/.{1,64}/g) ?? []
  return made(
    () => createPublicKey(`-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`),
    'is a damaged PEM',
  )
}

function fromJson(text: string): KeyObject {
  return made(() => {
    const json = JSON.parse(text) as { keys?: object[] }
    const [key, ...others] = json.keys ?? [json]
    if (others.length > 0) throw new Error('several keys')
    if (key !== undefined && 'd' in key) throw new Error('a private key')
    return createPublicKey({ key: key as never, format: 'jwk' })
  }, 'is no JWK of one public key')
}

function fromBase64(text: string): KeyObject {
  if (!/^[A-Za-z0-9+/_=\s-]{40,}$/.test(text))
    throw new Error(`is no key (${text.length} characters): it takes ${forms}`)
  const bytes = Buffer.from(text, 'base64')
  const plain = bytes.toString('latin1').trim()
  if (plain.startsWith('-----BEGIN') || plain.startsWith('{')) return keyIn(plain, false)
  return made(
    () => createPublicKey({ key: bytes, format: 'der', type: 'spki' }),
    `is no key in base64: it takes ${forms}`,
  )
}

function made(make: () => KeyObject, otherwise: string): KeyObject {
  try {
    return make()
  } catch (cause) {
    throw new Error(otherwise, { cause })
  }
}
