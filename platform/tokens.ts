import { createVerifier, TokenError } from 'fast-jwt'
import type { Config } from './config.ts'
import { PlatformError } from './errors.ts'
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
const setAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** Whether an identity provider makes the tokens, so that the secret of the data folder makes none. */
export const hasProvider = (config: Config): boolean =>
  config.LEARNFLOW_JWT_PUBLIC_KEY !== undefined || config.LEARNFLOW_JWT_JWKS_URL !== undefined

/**
 * Makes the function that returns the claims of a token for `audience`: verified with the keys of the identity
 * provider, if one is set, or else HS256 with `secret`.
 * @throws TokenRefused by the returned function, DEPENDENCY_DOWN when the provider's keys cannot be had
 */
export function tokenVerifier(config: Config, secret: string, audience: string): (token: string) => Promise<Claims> {
  const { LEARNFLOW_JWT_PUBLIC_KEY: given, LEARNFLOW_JWT_JWKS_URL: keySet, LEARNFLOW_JWT_ISSUER: issuer } = config
  if (keySet !== undefined) return keySetVerifier(keySet, issuer, audience)
  const key = given === undefined ? undefined : readPublicKey(given)
  const verify = createVerifier({
    ...(key === undefined ? { key: secret, algorithms: ['HS256'] } : { key: key.pem, algorithms: [key.algorithm] }),
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
