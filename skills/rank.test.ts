import { expect, test } from 'vitest'
import { openIndex, readSkills } from './rank.ts'

// How well phrases find their skill is measured through the MCP tool: mcp-server/find.test.ts.
const index = openIndex(await readSkills())

test('words that nobody here uses find nothing, and any text is taken', () => {
  expect(index.rank('xylophone zeppelin')).toEqual([])
  expect(index.rank('')).toEqual([])
  expect(index.rank('\u0000 \u202e "; drop table topics; -- '.repeat(10_000))[0]?.skill).toBe('kafka-topics')
})
