import { existsSync } from 'node:fs'
import * as z from 'zod'
import { configOf } from '../../skills/command.ts'
import { mistakesIn } from '../../skills/definition.ts'
import { printData, printLines } from '../../skills/output.ts'
import type { Config } from '../../platform/config.ts'
import { readSecret } from '../../platform/owner/data-folder.ts'
import { PlatformError } from '../../platform/errors.ts'
import { type Bearer, signToken } from '../../api/tokens.ts'
import { roles, StudentId } from '../../schemas/words.ts'

const Options = z.object({
  student: StudentId,
  role: z.enum(roles),
  classes: z.array(z.string()),
  data: z.string().optional(),
  json: z.boolean().default(false),
})
const ttlSeconds = 8 * 3_600

/** Prints a token, the one command that shows a secret: whoever may read the data folder may have one. */
export async function tokenCommand(options: unknown): Promise<void> {
  const read = Options.safeParse(options)
  if (!read.success)
    throw new PlatformError('INVALID_INPUT', mistakesIn(read.error), { hint: 'learnflow token --help' })
  const { student, role, classes, data, json } = read.data
  const token = await ownToken(configOf(data), { student, role, classes, ttlSeconds })
  if (json) printData({ token, student, role, expires_in: ttlSeconds })
  else printLines([token])
}

/**
 * A token signed with the secret of the data folder.
 * @throws NOT_RUNNING without a folder; INVALID_INPUT when the platform takes only another issuer's tokens.
 */
export async function ownToken(config: Config, bearer: Bearer): Promise<string> {
  const { LEARNFLOW_DATA_DIR: folder, LEARNFLOW_JWT_ISSUER: issuer, LEARNFLOW_JWT_PUBLIC_KEY: key } = config
  if (key !== undefined)
    throw new PlatformError(
      'INVALID_INPUT',
      'this platform takes RS256 tokens, which only the holder of the private key can make',
      {
        hint: 'Ask your identity provider for a token with aud learnflow.',
      },
    )
  if (!existsSync(folder))
    throw new PlatformError('NOT_RUNNING', `there is no data folder ${folder} whose secret could sign`, {
      hint: 'learnflow up',
    })
  return signToken(await readSecret(folder), issuer, bearer)
}
