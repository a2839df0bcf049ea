import { join } from 'node:path'
import * as z from 'zod'
import {
  baselineFolder,
  differencesOf,
  eventFiles,
  type Files,
  generatedFolder,
  readFiles,
  schemaFiles,
  schemaFolders,
  writeFiles,
} from '../../../schemas/generated.ts'
import { defineScript, runAsMain } from '../../script.ts'

/** The files of the folder that this script writes: openapi.json is generated from the agents, not from the schemas. */
const ours = (files: Files): Files =>
  new Map([...files].filter(([path]) => schemaFolders.some(folder => path.startsWith(`${folder}/`))))

const generate = defineScript({
  about: 'Writes the JSON Schema and Avro files that the definitions in schemas/ make.',
  effect: 'changes',
  input: z.object({
    baseline: z.boolean().default(false).describe('after a release: also make the present event schemas the baseline'),
    to: z
      .string()
      .min(1)
      .optional()
      .describe('another folder than schemas/generated; nothing is removed from it')
      .meta({ path: true }),
  }),
  output: z.object({ written: z.array(z.string()), removed: z.array(z.string()), kept: z.number().int() }),
  async run({ baseline, to }, { dryRun }) {
    const places = [{ folder: to ?? generatedFolder, name: to ?? 'schemas/generated', wanted: schemaFiles() }]
    if (baseline) places.push({ folder: baselineFolder, name: 'schemas/baseline', wanted: eventFiles() })
    const done = { written: [] as string[], removed: [] as string[], kept: 0 }
    for (const { folder, name, wanted } of places) {
      const differences = differencesOf(ours(await readFiles(folder)), wanted).filter(
        ({ state }) => to === undefined || state !== 'extra',
      )
      if (!dryRun) await writeFiles(folder, wanted, differences)
      for (const { path, state } of differences) done[state === 'extra' ? 'removed' : 'written'].push(join(name, path))
      done.kept += wanted.size - differences.filter(({ state }) => state !== 'extra').length
    }
    const { written, removed, kept } = done
    return {
      changed: written.length + removed.length,
      summary: `schema files written ${written.length}, removed ${removed.length}, kept ${kept}`,
      data: done,
      plan: [...written.map(path => `write ${path}`), ...removed.map(path => `remove ${path}`)],
    }
  },
})
export default generate
if (import.meta.main) await runAsMain(import.meta, generate)
