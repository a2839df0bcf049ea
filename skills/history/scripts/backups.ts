import { join } from 'node:path'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { type Backup, listBackups, readHeader } from '../../../platform/history/backup-file.ts'
import { rowsIn } from '../../../platform/history/fingerprint.ts'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { counted } from '../../../schemas/counted.ts'
import { defineScript, runAsMain } from '../../script.ts'

const Listed = z.object({
  name: z.string(),
  bytes: z.number().int(),
  kind: z.enum(['backup', 'upgrade']),
  /** Only those of `backup`: when it was made and what it holds; a damaged one says so instead. */
  created_at: z.string().optional(),
  rows: z.number().int().optional(),
  grades: z.number().int().optional(),
  damaged: z.string().optional(),
})
type Listed = z.infer<typeof Listed>

const backups = defineScript({
  about: 'Lists the backups, the newest first, also when the database is damaged or not there.',
  effect: 'reads',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({
    folder: z.string(),
    backups: z.array(Listed),
  }),
  async run(_input, { config, line }) {
    const folder = dataPaths(config.LEARNFLOW_DATA_DIR).backups
    const found = await Promise.all((await listBackups(folder)).toReversed().map(async one => described(folder, one)))
    for (const { name, bytes, rows } of found)
      line(`${name}  ${bytes} bytes${rows === undefined ? '' : `, ${counted(rows, 'row')}`}`)
    const [newest] = found
    const of = newest?.rows === undefined ? '' : ` of ${counted(newest.rows, 'row')}`
    const summary =
      newest === undefined ? 'no backups' : `${counted(found.length, 'backup')}, newest ${newest.name}${of}`
    return { summary, data: { folder, backups: found } }
  },
})

async function described(folder: string, backup: Backup): Promise<Listed> {
  if (backup.kind === 'upgrade') return backup
  try {
    const { created_at, tables } = await readHeader(join(folder, backup.name))
    return { ...backup, created_at, rows: rowsIn(tables), grades: tables['grade']?.rows ?? 0 }
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    return { ...backup, damaged: error.message }
  }
}
export default backups
if (import.meta.main) await runAsMain(import.meta, backups)
