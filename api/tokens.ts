import { createSigner } from 'fast-jwt'
import { ownAudience } from '../platform/token-settings.ts'
import type { Role } from '../schemas/words.ts'

/** The person that a token is for; `classes` are the ones that a teacher may see. */
export interface Bearer {
  student: string
  role?: Role
  classes?: readonly string[]
  ttlSeconds?: number
}

const defaultTtlSeconds = 8 * 3_600

/** An HS256 token as the API accepts it (RFC 7519: `sub`, `iss`, `aud`, `iat`, `exp`; ours: `role`, `classes`). */
export function signToken(
  secret: string,
  issuer: string,
  { student, role = 'student', classes = [], ttlSeconds = defaultTtlSeconds }: Bearer,
): string {
  const sign = createSigner({
    key: secret,
    algorithm: 'HS256',
    iss: issuer,
    aud: ownAudience,
    expiresIn: ttlSeconds * 1_000,
  })
  return sign({ sub: student, role, ...(role === 'teacher' ? { classes } : {}) })
}
