import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { makeMigratedFolder } from '../platform/drivers/embedded/test-engine.ts'
import { dataPaths, takeDataFolder } from '../platform/owner/data-folder.ts'
import { openHistory } from '../platform/open.ts'
import { verify } from './run.ts'
import { startTestPlatform, temporaryFolder } from './test-platform.ts'

/** A data folder in which storing a grade takes `seconds`. */
async function slowGrades(folder: string, seconds: number): Promise<void> {
  await makeMigratedFolder(dataPaths(folder).database)
  await using data = await takeDataFolder(folder)
  await using history = await openHistory(readConfig({ LEARNFLOW_DATA_DIR: folder }), data)
  await sql
    .raw(
      `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(${seconds}); return new; end $$`,
    )
    .execute(history.db)
  await sql.raw('create trigger slow before insert on grade for each row execute function slow()').execute(history.db)
}

test('a grade that is right but slow is LATE: neither broken nor passed', async () => {
  await using place = await temporaryFolder()
  await slowGrades(place.path, 3.5)
  await using slow = await startTestPlatform({ folder: place.path })
  const { lines, passed, failed, ok } = await verify(
    readConfig({ LEARNFLOW_DATA_DIR: slow.folder }),
    ['grading.right'],
    () => {},
  )
  expect(lines).toEqual([expect.stringMatching(/^LATE {3}grading\.right .*: passed in \d{4,5} ms$/)])
  expect([passed, failed, ok]).toEqual([0, 1, false])
})
