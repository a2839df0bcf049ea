import { existsSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { readErasedList } from '../../../platform/history/erased-list.ts'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { targetOf } from '../../../platform/targets/resolve.ts'
import type { Target } from '../../../platform/targets/target.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { demandIdle, restoredMark } from '../restored.ts'

const adopt = defineScript({
  about: 'Makes what `restore` filled the data of the platform, while it is down; the present database is put aside.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({
    folder: z
      .string()
      .min(1)
      .max(4_000)
      .optional()
      .describe('what restore filled')
      .meta({ positional: true, path: true }),
    undo: z.boolean().default(false).describe('take back what was put aside last'),
  }),
  output: z.object({ database: z.string(), aside: z.string().optional() }),
  async run({ folder, undo }, { config, dryRun, progress }) {
    const home = config.LEARNFLOW_DATA_DIR
    const target = await targetOf(home)
    const { adopts } = target
    if (adopts === undefined) throw elsewhere(target, folder)
    if ((folder === undefined) === !undo)
      throw new PlatformError('INVALID_INPUT', 'name either a folder or --undo', {
        hint: 'learnflow history adopt --help',
      })
    const source = undo ? await adopts.lastAside(home) : undefined
    if (undo && source === undefined)
      return { changed: 0, summary: `nothing was put aside in ${home}`, data: { database: adopts.of(home) } }
    const from = undo ? join(home, source ?? '') : resolve(folder ?? '')
    const database = undo ? from : adopts.of(from)
    if (existsSync(home)) await demandIdle(home)
    if (!undo) {
      if (existsSync(join(from, restoredMark)) && !existsSync(database) && existsSync(adopts.of(home))) {
        // It was interrupted when the database was already moved; what else may be there is not deleted unplanned.
        return { changed: 0, summary: `${basename(from)} was adopted before`, data: { database: adopts.of(home) } }
      }
      demandApart(resolve(home), from)
      await demandFilled(from)
    }
    await demandNobodyErased(home, undo ? from : join(from, restoredMark))
    const put = existsSync(adopts.of(home)) ? [`put ${adopts.of(home)} aside`] : []
    const rest = undo ? [] : [`delete what restore left in ${from}`]
    const plan = [...put, `move ${database} to ${adopts.of(home)}`, ...rest]
    const data = { database: adopts.of(home) }
    if (dryRun) return { changed: 1, summary: `adopt ${basename(from)}`, data, plan }
    progress(`moving ${database}`)
    const aside = await adopts.swap(home, database)
    if (!undo) await rm(from, { recursive: true, force: true })
    return {
      changed: 1,
      summary: `${undo ? 'took back' : 'adopted'} ${basename(from)}${aside === undefined ? '' : `; ${aside} was put aside`}`,
      data: { ...data, ...(aside === undefined ? {} : { aside }) },
    }
  },
})

const elsewhere = ({ name }: Target, folder = 'DIR'): PlatformError =>
  new PlatformError('INVALID_INPUT', `on the target ${name} a restored folder is not moved`, {
    hint: `It is a platform of its own: learnflow up --target ${name} --data ${folder}`,
  })

/** @throws INVALID_INPUT when one folder is the other or lies in it */
function demandApart(home: string, from: string): void {
  const inside = (one: string, other: string): boolean => !/^\.\.(?:\/|$)/.test(relative(other, one))
  if (!inside(home, from) && !inside(from, home)) return
  throw new PlatformError('INVALID_INPUT', `${from} is not apart from the data folder ${home}`, {
    hint: 'learnflow history restore NAME --to DIR, with a DIR elsewhere',
  })
}

/**
 * What is brought back was left as it was then.
 * @throws CONFLICT when somebody was erased after the change of this file or folder
 */
async function demandNobodyErased(home: string, filled: string): Promise<void> {
  const list = await readErasedList(dataPaths(home).backups)
  if (!list.anyAfter((await stat(filled)).ctime)) return
  throw new PlatformError('CONFLICT', 'somebody was erased since, who would come back', {
    hint: 'learnflow history restore leaves out who is erased: restore a backup anew, and adopt that.',
  })
}

/** @throws INVALID_INPUT for a folder that `restore` did not finish or that was used since, DATA_FOLDER_IN_USE */
async function demandFilled(folder: string): Promise<void> {
  const { secret, log, backups } = dataPaths(folder)
  const own = existsSync(backups) && (await readdir(backups)).some(name => !name.startsWith('erased.'))
  if (own || [secret, log].some(existsSync))
    throw new PlatformError('INVALID_INPUT', `${folder} has been a platform of its own since it was restored`, {
      hint: `learnflow up --data ${folder} goes on with it.`,
    })
  if (!existsSync(join(folder, restoredMark)))
    throw new PlatformError('INVALID_INPUT', `${folder} was not filled by restore, or not to the end`, {
      hint: 'learnflow history backups; learnflow history restore NAME --to DIR',
    })
  await demandIdle(folder)
}
export default adopt
if (import.meta.main) await runAsMain(import.meta, adopt)
