import { join } from 'node:path'
import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { listBackups } from '../../../platform/history/backup-file.ts'
import { readErasedList } from '../../../platform/history/erased-list.ts'
import { expunge as expungeBackup } from '../../../platform/expunge.ts'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { defineScript, runAsMain } from '../../script.ts'

const expunge = defineScript({
  about: 'Takes everybody who was erased since out of every backup; nobody can bring them back, so there is no undo.',
  effect: 'deletes',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ backups: z.array(z.object({ name: z.string(), people: z.number().int() })) }),
  confirm: () => 'erased',
  async run(_input, { config, dryRun, progress }) {
    const { backups } = dataPaths(config.LEARNFLOW_DATA_DIR)
    const list = await readErasedList(backups)
    const found: { name: string; people: number }[] = []
    for (const { name } of await listBackups(backups)) {
      progress(`looking into ${name}`)
      const people = await expungeBackup(join(backups, name), list, config, !dryRun)
      if (people > 0) found.push({ name, people })
    }
    return {
      changed: found.length,
      summary: `${counted(found.length, 'backup')} ${dryRun ? 'hold' : 'rid of'} people who were erased`,
      data: { backups: found },
      plan: found.map(({ name, people }) => `take ${people} erased out of ${name}`),
    }
  },
})
export default expunge
if (import.meta.main) await runAsMain(import.meta, expunge)
