import { readFile } from 'node:fs/promises'
import { createDecoder, TokenError } from 'fast-jwt'
import type { Config } from './config.ts'
import { PlatformError } from './errors.ts'

/** A token that somebody gave to a command, and whose it says it is; only the API verifies it. */
export interface GivenToken {
  token: string
  subject: string
}

/** How a command is given a token. */
export const howToGive =
  'Save it in a file that only you can read, and name that with --token-file or LEARNFLOW_TOKEN_FILE.'

/**
 * The token in the file of the settings; undefined when none is named.
 * @throws NOT_FOUND when the file cannot be read, INVALID_INPUT when it holds no token
 */
export async function givenToken({ LEARNFLOW_TOKEN_FILE: file }: Config): Promise<GivenToken | undefined> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PlatformError('NOT_FOUND', `the token file ${file} cannot be read`, { hint: howToGive, cause })
  })
  const token = text.trim()
  const subject = subjectOf(token)
  if (subject !== undefined) return { token, subject }
  throw new PlatformError('INVALID_INPUT', `${file} does not hold one JWT with a subject`, { hint: howToGive })
}

function subjectOf(token: string): string | undefined {
  try {
    const { sub } = createDecoder()(token) as { sub?: unknown }
    return typeof sub === 'string' && sub !== '' ? sub : undefined
  } catch (error) {
    if (error instanceof TokenError) return undefined
    throw error
  }
}
