import { PlatformError } from '../../platform/errors.ts'

/** Loads a package that only measurements need, which is therefore missing in the installed package. */
export async function developed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause
    throw new PlatformError('NOT_RUNNING', `the package ${name} is not installed`, {
      hint: 'Run this bench in a clone of the repository, after npm ci.',
      cause,
    })
  }
}

/**
 * Counts tokens of o200k_base. Text is counted as ordinary text, because no control token enters a context through a
 * tool. @throws NOT_RUNNING
 */
export async function openTokenizer(): Promise<(text: string) => number> {
  const { countTokens } = await developed('gpt-tokenizer', async () => import('gpt-tokenizer/encoding/o200k_base'))
  return text => countTokens(text, { disallowedSpecial: new Set() })
}
