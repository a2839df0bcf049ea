import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { roles, StudentId } from '../schemas/words.ts'
import type { Config } from '../platform/config.ts'
import { ownAudience } from '../platform/token-settings.ts'
import { PlatformError } from '../platform/errors.ts'
import { howToGive } from '../platform/given-token.ts'
import { mappedRoles } from '../platform/role-map.ts'
import { type Claims, hasProvider, TokenRefused, tokenVerifier } from '../platform/tokens.ts'
import { problem, sendProblem } from './problems.ts'
import type { App } from './context.ts'

const Caller = z.object({
  sub: StudentId,
  role: z.enum(roles),
  classes: z.array(z.string().min(1).max(64)).max(200),
})

/** Who is calling: what the token says, verified. */
export type Caller = z.infer<typeof Caller>

/**
 * Makes the function that returns the caller of a token.
 * @throws TokenRefused by the returned function, for anything but a valid, unexpired token with a subject and a role;
 *   DEPENDENCY_DOWN when the keys of the identity provider cannot be had
 */
export function tokenReader(config: Config, secret: string | undefined): (token: string) => Promise<Caller> {
  const { audience, roleClaim, classesClaim, map } = claimNames(config)
  const verify = tokenVerifier(config, secret, audience)
  return async token => {
    const claims = await verify(token)
    const names = listIn(claims, roleClaim)
    // Of several roles the one that may do most.
    const known = mappedRoles(names, map)
    const role = roles.findLast(one => known.includes(one))
    if (role === undefined) {
      const wanted = map === undefined ? roles : Object.keys(map)
      throw new TokenRefused(`the token lacks a valid role: ${roleClaim} holds none of ${wanted.join(', ')}`)
    }
    const read = Caller.safeParse({ sub: claims['sub'], role, classes: listIn(claims, classesClaim) })
    if (read.success) return read.data
    const [issue] = read.error.issues
    throw new TokenRefused(`the token lacks a valid ${String(issue?.path[0] ?? 'sub')}`)
  }
}

/** What is in a token: as the settings say of an identity provider, or as in those that we make. */
const claimNames = (config: Config) =>
  hasProvider(config)
    ? {
        audience: config.LEARNFLOW_JWT_AUDIENCE,
        roleClaim: config.LEARNFLOW_JWT_ROLE_CLAIM,
        classesClaim: config.LEARNFLOW_JWT_CLASSES_CLAIM,
        map: config.LEARNFLOW_JWT_ROLE_MAP,
      }
    : { audience: ownAudience, roleClaim: 'role', classesClaim: 'classes', map: undefined }

/** The texts of a claim, named as it stands or by a path with dots; one text is a list of one. */
function listIn(claims: Claims, name: string): unknown[] {
  const at = (value: unknown, part: string): unknown =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? (value as Claims)[part] : undefined
  const found = at(claims, name) ?? name.split('.').reduce(at, claims as unknown)
  return found === undefined || found === null ? [] : [found].flat()
}

/** Who hears of the requests that need a token. */
export interface Gatekeepers {
  /** Counts a request with its caller, or undefined without a valid token. @throws TOO_MANY_REQUESTS */
  counted: (request: FastifyRequest, reply: FastifyReply, caller: Caller | undefined) => Promise<void>
  /** Hears of every caller whose request was not refused. */
  noted: (caller: Caller) => void
}

/**
 * Refuses every request without a valid token, except on routes marked `config: { open: true }` and unknown ones, and
 * those that are too many.
 */
export function requireToken(
  app: App,
  { config, secret }: { config: Config; secret: string | undefined },
  { counted, noted }: Gatekeepers,
): void {
  const read = tokenReader(config, secret)
  const hint = hasProvider(config) ? providerHint : ownHint
  app.decorateRequest('caller')
  app.addHook('onRequest', async (request, reply): Promise<FastifyReply | undefined> => {
    if (request.is404 || (request.routeOptions.config as { open?: boolean }).open === true) return undefined
    reply.header('cache-control', 'no-store')
    const token = /^Bearer +([^ ]+) *$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) {
      await counted(request, reply, undefined)
      return refuse(reply, { why: 'there is no bearer token', hint })
    }
    try {
      const caller = await read(token)
      await counted(request, reply, caller)
      request.setDecorator('caller', caller)
      noted(caller)
      return undefined
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error
      await counted(request, reply, undefined)
      // What goes into the header has to fit between its quotes.
      const why = error.message.replaceAll(/[^ !#-[\]-~]/g, '?')
      return refuse(reply, { why, hint, parameters: `, error="invalid_token", error_description="${why}"` })
    }
  })
}

const ownHint = 'Send Authorization: Bearer TOKEN; learnflow token --student ID makes one.'
const providerHint = `Send Authorization: Bearer TOKEN, from the identity provider. Commands: ${howToGive}`

/** WWW-Authenticate after RFC 6750, section 3: no error code when no token was sent at all. */
function refuse(
  reply: FastifyReply,
  { why, hint, parameters = '' }: { why: string; hint: string; parameters?: string },
): FastifyReply {
  reply.header('www-authenticate', `Bearer realm="learnflow"${parameters}`)
  return sendProblem(reply, problem('UNAUTHENTICATED', why, hint))
}

/** The caller of a request on a route that needs a token. */
export const callerOf = (request: FastifyRequest): Caller => request.getDecorator<Caller>('caller')

/** @throws FORBIDDEN unless the caller teaches this class or is an operator. */
export function mustTeach(caller: Caller, classId: string): void {
  const teaches = caller.role === 'teacher' && caller.classes.includes(classId)
  if (!teaches && caller.role !== 'operator') throw forbidden('this class is not yours')
}

/** The error for a refused action, named by `what`. */
export const forbidden = (what: string): PlatformError =>
  new PlatformError('FORBIDDEN', what, {
    hint:
      'Students see their own data, teachers what is handed in for their classes (the claim `classes` of the ' +
      'token), operators all.',
  })
