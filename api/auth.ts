import { createVerifier, TokenError } from 'fast-jwt'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { roles, StudentId } from '../schemas/words.ts'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { problem, sendProblem } from './problems.ts'
import type { App } from './context.ts'

const ClassId = z.string().min(1).max(64)
const Claims = z.object({ sub: StudentId, role: z.enum(roles), classes: z.array(ClassId).max(200).default([]) })

/** Who is calling: what the token says, verified. */
export type Caller = z.infer<typeof Claims>

/**
 * Makes the function that returns the caller of a token. HS256 with the secret, or RS256 alone once a public key is
 * configured.
 * @throws TokenError or ZodError by the returned function, for anything but a valid, unexpired token of ours.
 */
export function tokenReader(config: Config, secret: string): (token: string) => Caller {
  const publicKey = config.LEARNFLOW_JWT_PUBLIC_KEY
  const verify = createVerifier({
    ...(publicKey === undefined ? { key: secret, algorithms: ['HS256'] } : { key: publicKey, algorithms: ['RS256'] }),
    allowedIss: config.LEARNFLOW_JWT_ISSUER,
    allowedAud: 'learnflow',
    requiredClaims: ['exp', 'iss', 'aud', 'sub'],
    cache: 2_000,
  })
  return token => Claims.parse(verify(token))
}

/**
 * Refuses every request without a valid token, except on routes marked `config: { open: true }` and unknown ones.
 * `noted` hears of every caller.
 */
export function requireToken(app: App, read: (token: string) => Caller, noted: (caller: Caller) => void): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', async (request, reply): Promise<FastifyReply | undefined> => {
    if (request.is404 || (request.routeOptions.config as { open?: boolean }).open === true) return undefined
    reply.header('cache-control', 'no-store')
    const token = /^Bearer +([^ ]+) *$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) return refuse(reply, 'there is no bearer token', '')
    try {
      const caller = read(token)
      request.setDecorator('caller', caller)
      noted(caller)
      return undefined
    } catch (error) {
      if (!(error instanceof TokenError || error instanceof z.ZodError)) throw error
      const why = error instanceof z.ZodError ? 'the token lacks a valid sub or role' : reasonOf(error)
      return refuse(reply, why, `, error="invalid_token", error_description="${why}"`)
    }
  })
}

/** WWW-Authenticate after RFC 6750, section 3: no error code when no token was sent at all. */
function refuse(reply: FastifyReply, why: string, parameters: string): FastifyReply {
  reply.header('www-authenticate', `Bearer realm="learnflow"${parameters}`)
  return sendProblem(
    reply,
    problem('UNAUTHENTICATED', why, 'Send Authorization: Bearer TOKEN; learnflow token --student ID makes one.'),
  )
}

function reasonOf({ code }: TokenError): string {
  if (code === TokenError.codes.expired) return 'the token has expired'
  if (code === TokenError.codes.inactive) return 'the token is not valid yet'
  if (code === TokenError.codes.missingRequiredClaim || code === TokenError.codes.invalidClaimValue)
    return 'a claim of the token is missing or wrong'
  return 'the token is not one of ours'
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
