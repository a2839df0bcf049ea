import { existsSync } from 'node:fs'
import { type Bearer, signToken } from '../../api/tokens.ts'
import type { Config } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { howToGive } from '../../platform/given-token.ts'
import { hasProvider } from '../../platform/tokens.ts'
import { readSecret } from '../../platform/owner/data-folder.ts'

/**
 * A token signed with the secret of the data folder.
 * @throws NOT_RUNNING without a folder; UNAUTHENTICATED when an identity provider makes the tokens.
 */
export async function ownToken(config: Config, bearer: Bearer): Promise<string> {
  const { LEARNFLOW_DATA_DIR: folder, LEARNFLOW_JWT_ISSUER: issuer } = config
  if (hasProvider(config))
    throw new PlatformError('UNAUTHENTICATED', 'only the identity provider makes tokens for this platform', {
      hint: `Get one there, with aud ${config.LEARNFLOW_JWT_AUDIENCE}. ${howToGive}`,
    })
  if (!existsSync(folder))
    throw new PlatformError('NOT_RUNNING', `there is no data folder ${folder} whose secret could sign`, {
      hint: 'learnflow up',
    })
  return signToken(await readSecret(folder), issuer, bearer)
}
