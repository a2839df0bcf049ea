import { existsSync } from 'node:fs'
import {
  type AuthInfo,
  getOAuthProtectedResourceMetadataUrl,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
} from '@modelcontextprotocol/server'
import { createSigner } from 'fast-jwt'
import * as z from 'zod'
import type { Config } from '../platform/config.ts'
import { mcpAudience as audience } from '../platform/token-settings.ts'
import { PlatformError } from '../platform/errors.ts'
import { hasProvider, signingSecret, TokenRefused, tokenVerifier } from '../platform/tokens.ts'
import { scopes } from './scopes.ts'

const tokenHours = 8

const Claims = z.object({
  sub: z.string().min(1),
  scope: z.string(),
  exp: z.number(),
  client_id: z.string().optional(),
})

/**
 * A token for the MCP server: HS256 with the secret of the data folder (RFC 9068's claims: `sub`, `scope`, `iss`,
 * `aud`, `exp`).
 * @throws NOT_RUNNING without a folder; INVALID_INPUT when the tokens come from another issuer.
 */
export async function agentToken(config: Config, readOnly: boolean): Promise<string> {
  if (hasProvider(config))
    throw new PlatformError(
      'INVALID_INPUT',
      'the tokens are RS256, which only the holder of the private key can make',
      {
        hint: `Ask your identity provider for one with aud ${audience} and scope ${scopes.read}.`,
      },
    )
  const scope = readOnly ? scopes.read : `${scopes.read} ${scopes.change}`
  const sign = createSigner({
    key: await secretOf(config),
    algorithm: 'HS256',
    iss: config.LEARNFLOW_JWT_ISSUER,
    aud: audience,
    expiresIn: tokenHours * 3_600_000,
  })
  return sign({ sub: 'coding-agent', scope })
}

async function secretOf(config: Config): Promise<string> {
  const { LEARNFLOW_DATA_DIR: folder, LEARNFLOW_JWT_SECRET_FILE: file } = config
  if (file === undefined && !existsSync(folder))
    throw new PlatformError('NOT_RUNNING', `there is no data folder ${folder} whose secret could sign`, {
      hint: 'learnflow up',
    })
  return signingSecret(config)
}

/** An OAuth 2.1 resource server: which tokens it accepts, and the metadata for clients without one (RFC 9728). */
export interface Guard {
  /** The caller, or the 401 or 403 response. */
  admit(request: Request): Promise<AuthInfo | Response>
  /** The metadata document, when the request is for it. */
  metadata(request: Request): Response | undefined
}

/**
 * Tokens are HS256 with the secret of the data folder, or those of an identity provider alone once one is configured. The resource is
 * the URL that the client used.
 */
export async function openGuard(config: Config, path: string): Promise<Guard> {
  const { LEARNFLOW_JWT_ISSUER: issuer } = config
  const verify = tokenVerifier(config, hasProvider(config) ? undefined : await secretOf(config), audience)
  const verifyAccessToken = async (token: string): Promise<AuthInfo> => {
    try {
      const { sub, scope, exp, client_id: clientId = sub } = Claims.parse(await verify(token))
      // A client is shared by all who use it, so whose call it is says the subject.
      return { token, clientId, scopes: scope.split(' '), expiresAt: exp, extra: { sub } }
    } catch (error) {
      if (error instanceof TokenRefused || error instanceof z.ZodError)
        throw new OAuthError(OAuthErrorCode.InvalidToken, 'this token is not valid here')
      throw error
    }
  }
  const wellKnown = '/.well-known/oauth-protected-resource'
  const resourceOf = (request: Request): URL => new URL(path, request.url)
  return {
    async admit(request) {
      const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(resourceOf(request))
      return requireBearerAuth({ verifier: { verifyAccessToken }, requiredScopes: [scopes.read], resourceMetadataUrl })(
        request,
      )
    },
    metadata(request) {
      if (![wellKnown, `${wellKnown}${path}`].includes(new URL(request.url).pathname)) return undefined
      if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET' } })
      return Response.json({
        resource: resourceOf(request).href,
        resource_name: 'LearnFlow',
        bearer_methods_supported: ['header'],
        scopes_supported: Object.values(scopes),
        // There is no authorization server for the secret of the data folder: `learnflow mcp --token` makes those
        // tokens.
        ...(issuer.startsWith('https:') ? { authorization_servers: [issuer] } : {}),
      })
    },
  }
}
