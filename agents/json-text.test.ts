import * as fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { jsonText, storableText } from './json-text.ts'
import { openStage } from './test-stage.ts'

test('PostgreSQL takes whatever a program may say, and what it could store before is unchanged', async () => {
  await using stage = await openStage()
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\0', '\ud800', '\udfff', '\\u0000', '\u2028', '😀'),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(text), async texts => {
      const { rows } = await sql<{
        json: string[]
        text: string
      }>`select ${jsonText(texts)}::jsonb as json, ${storableText(texts.join(''))}::text as text`.execute(
        stage.history.db,
      )
      expect(rows[0]?.json).toEqual(texts.map(storableText))
      for (const one of texts) if (one.isWellFormed() && !one.includes('\0')) expect(storableText(one)).toBe(one)
    }),
    { numRuns: 60 },
  )
})
