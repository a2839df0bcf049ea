import { existsSync } from 'node:fs'
import { type Bearer, signToken } from '../../api/tokens.ts'
import type { Config } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { howToGive } from '../../platform/given-token.ts'
import { hasProvider, signingSecret } from '../../platform/tokens.ts'

/** How long the tokens are good that commands sign. */
export const ttlSeconds = 8 * 3_600

/** A token signed with the secret of the data folder. @throws what `ownTokens` throws */
export const ownToken = async (config: Config, bearer: Bearer): Promise<string> => (await ownTokens(config))(bearer)

/**
 * What signs tokens with the secret of the data folder.
 * @throws NOT_RUNNING without a folder; UNAUTHENTICATED when an identity provider makes the tokens.
 */
export async function ownTokens(config: Config): Promise<(bearer: Bearer) => string> {
  const { LEARNFLOW_DATA_DIR: folder, LEARNFLOW_JWT_ISSUER: issuer, LEARNFLOW_JWT_SECRET_FILE: file } = config
  if (hasProvider(config))
    throw new PlatformError('UNAUTHENTICATED', 'only the identity provider makes tokens for this platform', {
      hint: `Get one there, with aud ${config.LEARNFLOW_JWT_AUDIENCE}. ${howToGive}`,
    })
  if (file === undefined && !existsSync(folder))
    throw new PlatformError('NOT_RUNNING', `there is no data folder ${folder} whose secret could sign`, {
      hint: 'learnflow up',
    })
  const secret = await signingSecret(config)
  return bearer => signToken(secret, issuer, bearer)
}
