import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { dataPaths, tokenFile } from '../../../platform/owner/data-folder.ts'
import { roles, StudentId } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { ownToken, ttlSeconds } from '../own-token.ts'

const token = defineScript({
  about:
    'Signs a token for the API, good for 8 hours, into a file that only you can read; it expires by itself, ' +
    'so there is no undo.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({
    student: StudentId.describe('its `sub`'),
    role: z.enum(roles).default('student').describe('what it may do'),
    classes: z.array(z.string()).default([]).describe('what a teacher may see'),
  }),
  output: z.object({
    file: z.string(),
    student: StudentId,
    role: z.enum(roles),
    expires_in: z.number().int().describe('seconds'),
  }),
  async run({ student, role, classes }, { config, dryRun }) {
    const text = await ownToken(config, { student, role, classes, ttlSeconds })
    const folder = dataPaths(config.LEARNFLOW_DATA_DIR).tokens
    const file = join(folder, tokenFile(student, role))
    if (!dryRun) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const draft = `${file}.${process.pid}`
      await writeFile(draft, text, { mode: 0o600 })
      await rename(draft, file)
    }
    return {
      changed: 1,
      summary: `a token for ${role} ${student}, good for ${ttlSeconds / 3_600} h, in ${file}`,
      data: { file, student, role, expires_in: ttlSeconds },
      plan: [`write ${file}`],
    }
  },
})
export default token
if (import.meta.main) await runAsMain(import.meta, token)
