import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { mistakesIn } from '../../definition.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { dataPaths, manyTokensEnd } from '../../../platform/owner/data-folder.ts'
import { StudentId } from '../../../schemas/words.ts'
import { readRoster } from '../../rosters/roster-file.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { ownTokens, ttlSeconds } from '../own-token.ts'
import { counted } from '../../../schemas/counted.ts'

const tokens = defineScript({
  about:
    'Signs a token for each student of a CSV or JSON file into one private file of JSON lines; they end after 8 hours, ' +
    'so there is no undo.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({
    students: z.string().min(1).describe('a file of student ids').meta({ positional: true, path: true }),
  }),
  output: z.object({
    file: z.string(),
    count: z.number().int(),
    expires_in: z.number().int().describe('seconds'),
  }),
  async run({ students: list }, { config, dryRun }) {
    const ids = [...new Set(await readRoster(list))]
    demandIds(ids, list)
    const sign = await ownTokens(config)
    const lines = ids.map(student => `${JSON.stringify({ student, token: sign({ student, ttlSeconds }) })}\n`)
    const folder = dataPaths(config.LEARNFLOW_DATA_DIR).tokens
    const file = join(folder, `students-${nameOf(ids)}${manyTokensEnd}`)
    if (!dryRun) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const draft = `${file}.${process.pid}`
      await writeFile(draft, lines.join(''), { mode: 0o600 })
      await rename(draft, file)
    }
    return {
      changed: ids.length,
      summary: `tokens of ${counted(ids.length, 'student')}, good for ${ttlSeconds / 3_600} h, in ${file}`,
      data: { file, count: ids.length, expires_in: ttlSeconds },
      plan: [`sign tokens for ${counted(ids.length, 'student')}`],
    }
  },
})

/** One list of students has one file; a short name, because every result shows it. */
const nameOf = (ids: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 8)

/** @throws INVALID_INPUT naming the first that is no id */
function demandIds(ids: readonly string[], list: string): void {
  for (const id of ids) {
    const { error } = StudentId.safeParse(id)
    if (error !== undefined)
      throw new PlatformError('INVALID_INPUT', `${list}: ${JSON.stringify(id.slice(0, 40))} ${mistakesIn(error)}`, {
        hint: 'A header is told by its name: student_id, student, id or sub.',
      })
  }
}
export default tokens
if (import.meta.main) await runAsMain(import.meta, tokens)
