import * as z from 'zod'
import { compareEvents } from '../../../schemas/event-compatibility.ts'
import { baselineFolder, eventFiles, readFiles } from '../../../schemas/generated.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { defineScript, runAsMain } from '../../script.ts'

const check = defineScript({
  about:
    'Compares the event schemas with the baseline, in JSON Schema and Avro; fails on a change that breaks ' +
    'stored events or their readers.',
  effect: 'reads',
  input: z.object({
    baseline: z
      .string()
      .min(1)
      .optional()
      .describe('a folder with the schemas of another version, instead of the last release')
      .meta({ path: true }),
  }),
  output: z.object({
    events: z.number().int(),
    changes: z.array(z.object({ path: z.string(), change: z.string(), breaking: z.boolean() })),
  }),
  async run({ baseline: folder = baselineFolder }) {
    const all = await readFiles(folder)
    const baseline = new Map([...all].filter(([path]) => /^(?:json-schema|avro)\/events\//.test(path)))
    if (baseline.size === 0)
      throw new PlatformError('NOT_FOUND', `there are no event schemas in ${folder}`, {
        hint: 'learnflow event-schemas generate --baseline makes the present ones it.',
      })
    const current = eventFiles()
    const changes = compareEvents(baseline, current)
    const breaking = changes.filter(change => change.breaking).map(({ path, change }) => `${path} ${change}`)
    if (breaking.length > 0)
      throw new PlatformError(
        'CHECK_FAILED',
        [
          `${breaking.length} breaking ${breaking.length === 1 ? 'change' : 'changes'} of event schemas`,
          ...breaking,
        ].join('\n'),
        {
          hint:
            'Keep the field and add an optional one. After a release that breaks on purpose: learnflow ' +
            'event-schemas generate --baseline',
        },
      )
    const events = [...current.keys()].filter(path => path.endsWith('.json')).length
    return {
      summary: `${events} event types, ${changes.length} changes since the baseline, none breaking`,
      data: { events, changes },
    }
  },
})
export default check
if (import.meta.main) await runAsMain(import.meta, check)
