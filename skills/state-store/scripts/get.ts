import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defineScript, runAsMain } from '../../script.ts'

/** The summary shows the beginning of a long value; the data holds all of it. */
const shown = 90

const get = defineScript({
  about: 'Reads one value of the state store with its version.',
  effect: 'reads',
  quotes: true,
  needs: ['state'],
  input: z.object({
    key: z.string().min(1).max(512).describe('such as student:{ann}:mastery:latest:basics').meta({ positional: true }),
  }),
  output: z.object({ key: z.string(), value: z.unknown(), etag: z.string() }),
  async run({ key }, { state }) {
    const found = await state.get<unknown>(key)
    if (found === undefined)
      throw new PlatformError('NOT_FOUND', `nothing is stored under ${key.slice(0, 120)}`, {
        hint: 'Keys are student:{STUDENT}:mastery:latest:MODULE, the braces literal.',
      })
    const text = JSON.stringify(found.value)
    return {
      summary: text.length > shown ? `${text.slice(0, shown)}…` : text,
      data: { key, value: found.value, etag: found.etag },
    }
  },
})
export default get
if (import.meta.main) await runAsMain(import.meta, get)
