import * as z from 'zod'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { listBackups } from '../../../platform/history/backup-file.ts'
import { fingerprintOf, migrationsOf, rowsIn } from '../../../platform/history/fingerprint.ts'
import { counted } from '../../../schemas/counted.ts'

const status = defineScript({
  about: 'Shows the migrations that made the history, its rows by table, and the backups of its folder.',
  effect: 'reads',
  needs: ['history'],
  input: z.object({}),
  output: z.object({
    migrations: z.array(z.string()),
    rows: z.record(z.string(), z.number().int()),
    backups: z.array(z.object({ name: z.string(), bytes: z.number().int(), kind: z.enum(['backup', 'upgrade']) })),
  }),
  async run(_input, { history, config }) {
    const [migrations, print] = [await migrationsOf(history.db), await fingerprintOf(history.db)]
    const backups = await listBackups(dataPaths(config.LEARNFLOW_DATA_DIR).backups)
    const rows = Object.fromEntries(Object.entries(print).map(([name, table]) => [name, table.rows]))
    const newest = backups.at(-1)?.name
    return {
      summary: `at ${migrations.at(-1)}, ${counted(rowsIn(print), 'row')}, ${counted(rows['grade'] ?? 0, 'grade')}; ${counted(backups.length, 'backup')}${newest === undefined ? '' : `, newest ${newest}`}`,
      data: { migrations, rows, backups },
    }
  },
})
export default status
if (import.meta.main) await runAsMain(import.meta, status)
