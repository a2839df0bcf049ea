import { readFile, rm } from 'node:fs/promises'
import * as z from 'zod'
import type { ScriptResult } from '../../skills/definition.ts'
import { printData, printLines, printOutcome } from '../../skills/output.ts'

const Written = z.object({ file: z.string(), student: z.string(), role: z.string(), expires_in: z.number() })

/**
 * Prints the token that the script `access/token` wrote, and keeps no file of it. It is the only command that shows a
 * secret, because anyone who can read the data folder may have a token.
 */
export async function printToken(result: ScriptResult, how: { json: boolean; dryRun: boolean }): Promise<void> {
  if (how.dryRun) return printOutcome(result, how)
  const { file, ...facts } = Written.parse(result.data)
  const token = await readFile(file, 'utf8')
  await rm(file)
  if (how.json) printData({ token, ...facts })
  else printLines([token])
}
