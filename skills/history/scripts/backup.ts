import { join } from 'node:path'
import { sql } from 'kysely'
import * as z from 'zod'
import { within } from '../../../platform/data-folder.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { listBackups, readHeader, writeBackup } from '../backup-file.ts'
import { differingTables, fingerprintOf, migrationsOf, rowsIn } from '../fingerprint.ts'

const backup = defineScript({
  about: 'Saves every row of the history as one file in the data folder, of one moment, also while the platform runs. `discard` is the undo.',
  effect: 'changes',
  needs: ['history'],
  input: z.object({}),
  output: z.object({ name: z.string(), file: z.string(), rows: z.number().int() }),
  async run(_input, { history, config, dryRun }) {
    const folder = within(config.LEARNFLOW_DATA_DIR).backups
    const newest = (await listBackups(folder)).findLast(({ kind }) => kind === 'backup')
    return history.transaction(async trx => {
      await sql`set transaction isolation level repeatable read`.execute(trx)
      const [tables, migrations] = [await fingerprintOf(trx), await migrationsOf(trx)]
      const rows = rowsIn(tables)
      if (newest !== undefined && differingTables((await readHeader(join(folder, newest.name))).tables, tables).length === 0) {
        const file = join(folder, newest.name)
        return { changed: 0, summary: `${newest.name} holds these ${rows} rows`, data: { name: newest.name, file, rows } }
      }
      const name = `${new Date().toISOString().replaceAll(/[:.-]/g, '')}.jsonl.gz`
      const file = join(folder, name)
      if (!dryRun) await writeBackup(trx, file, { migrations, tables })
      return {
        changed: 1,
        summary: `saved ${rows} rows of ${Object.keys(tables).length} tables as ${name}`,
        data: { name, file, rows },
        plan: [`write ${rows} rows to ${file}`],
      }
    })
  },
})
export default backup
if (import.meta.main) await runAsMain(import.meta, backup)
