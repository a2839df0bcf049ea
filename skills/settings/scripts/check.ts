import * as z from 'zod'
import { givenSettings, readConfig } from '../../../platform/config.ts'
import { defineScript, runAsMain } from '../../script.ts'

const check = defineScript({
  about: 'Says whether the settings are right, and names every mistake with its file and line.',
  effect: 'reads',
  whateverSettings: true,
  input: z.object({}),
  output: z.object({ file: z.string().optional(), settings: z.number().int() }),
  async run() {
    readConfig()
    const { file, fromEnv } = givenSettings()
    const count = Object.keys(file?.values ?? {}).length
    const where = file === undefined ? 'there is no learnflow.yaml' : `${count} in ${file.file}`
    return {
      summary: `settings are right: ${where}, ${fromEnv.size} in the environment`,
      data: { ...(file === undefined ? {} : { file: file.file }), settings: count },
    }
  },
})
export default check
if (import.meta.main) await runAsMain(import.meta, check)
