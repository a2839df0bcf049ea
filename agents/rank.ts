import type { Kysely } from 'kysely'
import type { Tables } from '../platform/history/tables.ts'
import { type Module, masteryLevels } from '../schemas/words.ts'

/**
 * How far a student is, 0 (Beginner, or nothing known), 1 (Learning) or 2 (Proficient, Mastered): in the module, else
 * in the module that is known best.
 */
export async function rankOf(db: Kysely<Tables>, studentId: string, module?: Module): Promise<0 | 1 | 2> {
  const rows = await db.selectFrom('mastery').select(['module', 'level']).where('student_id', '=', studentId).execute()
  const own = rows.filter(row => row.module === module)
  const ranks = (own.length === 0 ? rows : own).map(({ level }) => masteryLevels.findIndex(name => name === level))
  const best = Math.max(0, ...ranks)
  return best >= 2 ? 2 : best === 1 ? 1 : 0
}
