import * as z from 'zod'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { saveHistory } from '../../../platform/history/save.ts'
import { counted } from '../../../schemas/counted.ts'

const backup = defineScript({
  about:
    'Saves every row of the history as one file in the data folder, of one moment, also while the platform runs. `discard` is the undo.',
  effect: 'changes',
  needs: ['history'],
  input: z.object({}),
  output: z.object({ name: z.string(), file: z.string(), rows: z.number().int() }),
  async run(_input, { history, config, dryRun }) {
    const { name, file, rows, tables, fresh } = await saveHistory(
      history,
      dataPaths(config.LEARNFLOW_DATA_DIR).backups,
      !dryRun,
    )
    const data = { name, file, rows }
    if (!fresh) return { changed: 0, summary: `${name} holds these ${counted(rows, 'row')}`, data }
    return {
      changed: 1,
      summary: `saved ${counted(rows, 'row')} of ${counted(tables, 'table')} as ${name}`,
      data,
      plan: [`write ${counted(rows, 'row')} to ${file}`],
    }
  },
})
export default backup
if (import.meta.main) await runAsMain(import.meta, backup)
