import { expect, test } from 'vitest'
import { PlatformError } from '../../platform/errors.ts'
import { exerciseOf } from '../../tutor/test-exercise.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { qualityOf } from '../../tutor/review/review.ts'
import { openStage, passed, received, type Stage } from '../test-stage.ts'
import { masteryOf } from './mastery.ts'
import { keepQuality } from './quality.ts'

const isLarge = exerciseOf({ id: 'square', entry: ['isLarge'], reference: 'def isLarge(n):\n    return n > 3\n' })
const bankOf = (find: ExerciseBank['find']): ExerciseBank =>
  ({ list: () => [{ id: 'square', module: 'basics' }], version: 'bank-1', find }) as unknown as ExerciseBank
const bank = bankOf(async () => isLarge)
const clumsy = 'def isLarge(n):\n    if n > 3:\n        return True\n    else:\n        return False\n'
const clean = 'def isLarge(n):\n    return n > 3\n'

/** Stores a grade as the exercise agent does and tells what the event of it tells. */
async function graded({ history, submit }: Stage, code: string, verdict = 'passed') {
  const submission_id = await submit('ann', code)
  const grade = { submission_id, exercise_id: 'square', exercise_version: 1, verdict }
  await history.transaction(async trx => passed(received('ann', submission_id, 1, code)).write?.(trx))
  return grade
}
const stored = async ({ history }: Stage, id: string): Promise<number | null | undefined> =>
  (await history.db.selectFrom('grade').select('quality').where('submission_id', '=', id).executeTakeFirst())?.quality

test('the quality of a passed program is stored with its grade, once, and the best of each exercise feeds mastery', async () => {
  await using stage = await openStage()
  const { db } = stage.history
  const [first, second] = [await graded(stage, clumsy), await graded(stage, clean)]
  const components = async () => (await masteryOf(db, bank, 'ann', 'basics', new Date(Date.now() + 1_000)))?.components
  expect(await components()).toMatchObject({ completion: 1, quality: null })
  await keepQuality(db, bank, first)
  await keepQuality(db, bank, first)
  const quality = await stored(stage, first.submission_id)
  // The name isLarge is the exercise's choice.
  expect(quality).toBe(qualityOf(clumsy, { givenNames: new Set(['isLarge']), returning: new Set() }))
  expect(quality).toBeLessThan(1)
  expect(await components()).toMatchObject({ completion: 1, quality })
  await keepQuality(db, bank, second)
  expect(await components()).toMatchObject({ completion: 1, quality: 1 })
  // What is stored stays, also when the rules of the review change.
  await db.updateTable('grade').set({ quality: 0.25 }).where('submission_id', '=', first.submission_id).execute()
  await keepQuality(db, bank, first)
  expect(await stored(stage, first.submission_id)).toBe(0.25)
})

test('a failed program, one of an erased student and one whose exercise is gone have no quality', async () => {
  await using stage = await openStage()
  const { db } = stage.history
  const failed = await graded(stage, clean, 'failed')
  await keepQuality(db, bank, failed)
  expect(await stored(stage, failed.submission_id)).toBeNull()
  await keepQuality(db, bank, { ...failed, verdict: 'passed', submission_id: crypto.randomUUID() })
  const gone = bankOf(async () => {
    throw new PlatformError('NOT_FOUND', 'there is no exercise square', { hint: 'learnflow exercises' })
  })
  await keepQuality(db, gone, { ...failed, verdict: 'passed' })
  expect(await stored(stage, failed.submission_id)).toBeNull()
  const down = bankOf(async () => {
    throw new PlatformError('DEPENDENCY_DOWN', 'the history does not answer', { hint: 'learnflow status' })
  })
  await expect(keepQuality(db, down, { ...failed, verdict: 'passed' })).rejects.toThrow('does not answer')
})
