import { readFile, rename, writeFile } from 'node:fs/promises'
import * as z from 'zod'
import { learningEvents } from '../../schemas/topics.ts'
import { dataPaths } from '../owner/data-folder.ts'
import { PlatformError, hasCode } from '../errors.ts'
import type { AgentState } from '../ports/agent-control.ts'

/** The maximum size of an agent by unit; with more processes than partitions some would have no work. */
const maxSizes = { lanes: 256, processes: learningEvents.partitions } as const
const sizes = z.record(z.string(), z.number().int().min(1).max(maxSizes.lanes))

/** How an agent ran before an operator's last change: `size` as its target counts it, in lanes or in processes. */
const Former = z.strictObject({ running: z.boolean(), size: z.number().int().min(1).max(maxSizes.lanes) })
export type Former = z.infer<typeof Former>

/**
 * What an operator set for the agents of a data folder: which are stopped, which have another number of lanes or
 * processes than the default, and their former settings for a rollback.
 */
export const AgentSettings = z.strictObject({
  stopped: z.array(z.string()).default([]),
  lanes: sizes.default({}),
  processes: sizes.default({}),
  former: z.record(z.string(), Former).default({}),
})
export type AgentSettings = z.infer<typeof AgentSettings>

/**
 * Empty settings when there is no file. @throws DATA_FOLDER_UNUSABLE for a file that cannot be parsed, because a guess
 * would start what was stopped.
 */
export async function readAgentSettings(folder: string): Promise<AgentSettings> {
  const file = dataPaths(folder).agents
  try {
    return AgentSettings.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return AgentSettings.parse({})
    throw new PlatformError('DATA_FOLDER_UNUSABLE', `${file} cannot be read as the settings of agents`, {
      hint: `Mend it, or delete it: then every agent runs.`,
      cause,
    })
  }
}

/** @throws INVALID_INPUT for a size that is not an integer from 1 to the maximum of this unit. */
export function assertSize(size: number, unit: AgentState['unit']): void {
  const max = maxSizes[unit]
  if (Number.isInteger(size) && size >= 1 && size <= max) return
  throw new PlatformError('INVALID_INPUT', `an agent has 1 to ${max} ${unit}, not ${size}`, {
    hint: `--${unit} 1-${max}`,
  })
}

/** Replaces the whole file atomically. */
export async function writeAgentSettings(folder: string, settings: AgentSettings): Promise<void> {
  const file = dataPaths(folder).agents
  await writeFile(`${file}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
