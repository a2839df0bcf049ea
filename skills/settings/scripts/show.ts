import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'
import { allNames, knownName, placeOf, settingRows } from '../rows.ts'

const show = defineScript({
  about: 'Shows every setting, or one: its value, and the file and line or the environment that it comes from.',
  effect: 'reads',
  whateverSettings: true,
  input: z.object({ name: z.string().min(1).optional().describe('one setting').meta({ positional: true }) }),
  output: z.object({
    settings: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        source: z.enum(['default', 'file', 'environment']),
        file: z.string().optional(),
        line: z.number().int().optional(),
      }),
    ),
  }),
  async run({ name }, { config, line }) {
    const settings = settingRows(config, name === undefined ? allNames : [knownName(name)])
    for (const row of settings) line(`${row.name}: ${row.value}  (${placeOf(row)})`)
    const [only] = settings
    const set = settings.filter(({ source }) => source !== 'default')
    const told = set.slice(0, 3).map(row => `${row.name} ${row.source}`)
    const more = set.length > told.length ? [`${set.length - told.length} more`] : []
    return {
      summary:
        name !== undefined && only !== undefined
          ? `${only.name}: ${only.value || 'not set'} (${placeOf(only)})`
          : `${set.length} of ${settings.length} settings are set${set.length === 0 ? '' : `: ${[...told, ...more].join(', ')}`}`,
      data: { settings },
    }
  },
})
export default show
if (import.meta.main) await runAsMain(import.meta, show)
