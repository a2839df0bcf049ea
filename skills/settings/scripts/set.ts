import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { Config } from '../../../platform/config.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { findSettingsFile, readSettingsFile, settingsFileName, shortName } from '../../../platform/settings-file.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { knownName, shown } from '../rows.ts'
import { writeSetting } from '../write.ts'

const set = defineScript({
  about: 'Writes one setting into learnflow.yaml, which is made when there is none. --unset undoes it.',
  effect: 'changes',
  whateverSettings: true,
  input: z.object({
    name: z.string().min(1).describe('the setting and its value: NAME VALUE').meta({ positional: true }),
    value: z.string().min(1).max(10_000).optional().describe('its value').meta({ positional: true }),
    unset: z.boolean().default(false).describe('take it out'),
  }),
  output: z.object({ file: z.string(), name: z.string(), before: z.string().optional(), after: z.string().optional() }),
  async run({ name, value, unset }, { dryRun }) {
    if ((value === undefined) !== unset)
      throw new PlatformError('INVALID_INPUT', 'a setting needs a value, or --unset', {
        hint: 'learnflow settings set NAME VALUE',
      })
    const known = knownName(name)
    const typed = value === undefined ? undefined : rightValue(known, value)
    const file = findSettingsFile(process.cwd()) ?? join(process.cwd(), settingsFileName)
    const before = existsSync(file) ? readSettingsFile(file).values[known] : undefined
    const changed = before === typed ? 0 : 1
    if (changed > 0 && !dryRun) await writeSetting(file, known, typed)
    const [was, is] = [before, typed].map(one => (one === undefined ? 'not set' : shown(one)))
    return {
      changed,
      summary: `${shortName(known)}: ${was}, now ${is}, in ${file}${changed === 0 ? '' : '; a running platform takes it at its next up'}`,
      data: {
        file,
        name: shortName(known),
        ...(before === undefined ? {} : { before: shown(before) }),
        ...(typed === undefined ? {} : { after: shown(typed) }),
      },
      plan: changed === 0 ? [] : [`${file}: ${shortName(known)} from ${was} to ${is}`],
    }
  },
})

/** @throws INVALID_INPUT when the setting does not take this value */
function rightValue(name: string, text: string): unknown {
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  const setting = (Config.shape as unknown as Record<string, z.ZodType>)[name]
  for (const candidate of [value, text]) if (setting?.safeParse(candidate).success === true) return candidate
  const { message = '' } = setting?.safeParse(value).error?.issues[0] ?? {}
  throw new PlatformError('INVALID_INPUT', `${shortName(name)} cannot be ${text.slice(0, 80)}: ${message}`, {
    hint: `learnflow settings show ${shortName(name)}`,
  })
}

export default set
if (import.meta.main) await runAsMain(import.meta, set)
