import { readFile } from 'node:fs/promises'
import { createVerifier, TokenError } from 'fast-jwt'
import type { Config } from './config.ts'
import { PlatformError } from './errors.ts'
import { readSecret } from './owner/data-folder.ts'
import { readPublicKey } from './public-key.ts'

export type Claims = Record<string, unknown>

/** A token that is not valid here, and the reason in words for its holder. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
}

const requiredClaims = ['exp', 'iss', 'aud', 'sub']
/** A key that is unknown is asked for again at most this often, so that a rotated one is known soon. */
const askAgainMs = 5_000
const answerMs = 3_000
/** HS256 asks for a key as long as its digest (RFC 7518, section 3.2). */
const secretBytes = 32
const setAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** Whether an identity provider makes the tokens, so that the secret of the data folder makes none. */
export const hasProvider = (config: Config): boolean =>
  config.LEARNFLOW_JWT_PUBLIC_KEY !== undefined || config.LEARNFLOW_JWT_JWKS_URL !== undefined

/**
 * The HS256 secret: that of `LEARNFLOW_JWT_SECRET_FILE`, else of the data folder, which is made on first use.
 * @throws INVALID_INPUT when the file cannot be read or holds too little.
 */
export async function signingSecret({
  LEARNFLOW_DATA_DIR: folder,
  LEARNFLOW_JWT_SECRET_FILE: file,
}: Config): Promise<string> {
  if (file === undefined) return readSecret(folder)
  const unusable = (why: string, cause?: unknown): PlatformError =>
    new PlatformError('INVALID_INPUT', `LEARNFLOW_JWT_SECRET_FILE names ${file}, which ${why}`, {
      hint: `It takes a file with a random text of ${secretBytes} bytes or more.`,
      cause,
    })
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unusable(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`, cause)
  })
  const secret = text.trim()
  if (Buffer.byteLength(secret) < secretBytes) throw unusable(`holds ${Buffer.byteLength(secret)} bytes`)
  return secret
}

/** What verifies tokens besides the settings: the secret; undefined where an identity provider makes the tokens. */
export const verifyingSecret = async (config: Config): Promise<string | undefined> =>
  hasProvider(config) ? undefined : signingSecret(config)

/**
 * Makes the function that returns the claims of a token for `audience`: verified with the keys of the identity
 * provider, if one is set, or else HS256 with `secret`.
 * @throws TokenRefused by the returned function, DEPENDENCY_DOWN when the provider's keys cannot be had
 */
export function tokenVerifier(
  config: Config,
  secret: string | undefined,
  audience: string,
): (token: string) => Promise<Claims> {
  const { LEARNFLOW_JWT_PUBLIC_KEY: given, LEARNFLOW_JWT_JWKS_URL: keySet, LEARNFLOW_JWT_ISSUER: issuer } = config
  if (keySet !== undefined) return keySetVerifier(keySet, issuer, audience)
  const key = given === undefined ? undefined : readPublicKey(given)
  const verify = createVerifier({
    ...(key === undefined
      ? { key: demanded(secret), algorithms: ['HS256'] }
      : { key: key.pem, algorithms: [key.algorithm] }),
    allowedIss: issuer,
    allowedAud: audience,
    requiredClaims,
    cache: 2_000,
  })
  return async token => {
    try {
      return verify(token) as Claims
    } catch (error) {
      if (error instanceof TokenError) throw new TokenRefused(reasonOf(error), { cause: error })
      throw error
    }
  }
}

function demanded(secret: string | undefined): string {
  if (secret === undefined) throw new TypeError('tokens need a key or a secret')
  return secret
}

function keySetVerifier(url: string, issuer: string, audience: string): (token: string) => Promise<Claims> {
  const loaded = import('jose').then(jose => ({
    jose,
    keys: jose.createRemoteJWKSet(new URL(url), { cooldownDuration: askAgainMs, timeoutDuration: answerMs }),
  }))
  return async token => {
    const { jose, keys } = await loaded
    try {
      const options = { issuer, audience, requiredClaims, algorithms: setAlgorithms }
      return (await jose.jwtVerify(token, keys, options)).payload
    } catch (cause) {
      const code = cause instanceof jose.errors.JOSEError ? cause.code : ''
      if (code === 'ERR_JWT_EXPIRED') throw new TokenRefused('the token has expired', { cause })
      if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') throw new TokenRefused(wrongClaim, { cause })
      if (/^ERR_(?:JWT|JWS|JWKS_NO_MATCHING|JWKS_MULTIPLE|JOSE_ALG|JOSE_NOT)/.test(code))
        throw new TokenRefused('the token is not one of ours', { cause })
      throw new PlatformError('DEPENDENCY_DOWN', `the key set at ${url} cannot be had`, {
        hint: 'learnflow doctor; LEARNFLOW_JWT_JWKS_URL is where the identity provider publishes its keys.',
        cause,
      })
    }
  }
}

const wrongClaim = 'a claim of the token is missing or wrong'

function reasonOf({ code }: TokenError): string {
  if (code === TokenError.codes.expired) return 'the token has expired'
  if (code === TokenError.codes.inactive) return 'the token is not valid yet'
  if (code === TokenError.codes.missingRequiredClaim || code === TokenError.codes.invalidClaimValue) return wrongClaim
  return 'the token is not one of ours'
}
