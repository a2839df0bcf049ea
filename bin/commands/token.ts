import { readFile, rm } from 'node:fs/promises'
import * as z from 'zod'
import type { ScriptResult } from '../../skills/definition.ts'
import { printData, printLines, printOutcome } from '../../skills/output.ts'

const Written = z.object({ file: z.string(), student: z.string(), role: z.string(), expires_in: z.number() })

const WrittenLines = Written.pick({ file: true, expires_in: true })

interface How {
  json: boolean
  dryRun: boolean
}

/** What a script wrote into a file, which is not kept. */
async function taken(file: string): Promise<string> {
  const text = await readFile(file, 'utf8')
  await rm(file)
  return text
}

/**
 * Prints the token that the script `access/token` wrote, and keeps no file of it. Only this and `printTokens` show a
 * secret, because anyone who can read the data folder may have a token.
 */
export async function printToken(result: ScriptResult, how: How): Promise<void> {
  if (how.dryRun) return printOutcome(result, how)
  const { file, ...facts } = Written.parse(result.data)
  const token = await taken(file)
  if (how.json) printData({ token, ...facts })
  else printLines([token])
}

/** The same for the tokens of many students, a JSON object a line. */
export async function printTokens(result: ScriptResult, how: How): Promise<void> {
  if (how.dryRun) return printOutcome(result, how)
  const { file, ...facts } = WrittenLines.parse(result.data)
  const lines = (await taken(file)).trimEnd().split('\n')
  if (how.json) printData({ tokens: lines.map(line => JSON.parse(line) as unknown), ...facts })
  else printLines(lines)
}
