import { existsSync } from 'node:fs'
import { type Bearer, signToken } from '../../api/tokens.ts'
import type { Config } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { hasProvider } from '../../platform/tokens.ts'
import { readSecret } from '../../platform/owner/data-folder.ts'

/**
 * A token signed with the secret of the data folder.
 * @throws NOT_RUNNING without a folder; INVALID_INPUT when the platform accepts only another issuer's tokens.
 */
export async function ownToken(config: Config, bearer: Bearer): Promise<string> {
  const { LEARNFLOW_DATA_DIR: folder, LEARNFLOW_JWT_ISSUER: issuer } = config
  if (hasProvider(config))
    throw new PlatformError(
      'INVALID_INPUT',
      'this platform takes the tokens of an identity provider, which only that one can make',
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
