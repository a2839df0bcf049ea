import { readFile, rename, writeFile } from 'node:fs/promises'
import * as z from 'zod'
import { within } from './data-folder.ts'
import { PlatformError } from './errors.ts'

/** What an operator set for the agents of a data folder: who is stopped, and who works on other than the usual number of lanes. */
export const AgentSettings = z.strictObject({ stopped: z.array(z.string()), lanes: z.record(z.string(), z.number().int().min(1).max(256)) })
export type AgentSettings = z.infer<typeof AgentSettings>

/** Nothing set when there is no file. @throws DATA_FOLDER_UNUSABLE for a file that cannot be understood: guessing would start what was stopped. */
export async function readAgentSettings(folder: string): Promise<AgentSettings> {
  const file = within(folder).agents
  try {
    return AgentSettings.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return { stopped: [], lanes: {} }
    throw new PlatformError('DATA_FOLDER_UNUSABLE', `${file} cannot be read as the settings of agents`, {
      hint: `Mend it, or delete it: then every agent runs.`,
      cause,
    })
  }
}

/** Whole or not at all. */
export async function writeAgentSettings(folder: string, settings: AgentSettings): Promise<void> {
  const file = within(folder).agents
  await writeFile(`${file}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
