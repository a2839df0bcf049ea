import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../verify/test-platform.ts'
import { writeSection } from './page.ts'

test('a benchmark that runs again replaces its own section and leaves the others', async () => {
  await using place = await temporaryFolder()
  const file = join(place.path, 'page.md')
  await writeSection(file, 'start', '## start\n\n| a |\n| --- |\n| 1 |')
  await writeSection(file, 'local', '## local\n\nfirst')
  await writeSection(file, 'local', '## local\n\nsecond')
  const text = await readFile(file, 'utf8')
  expect(text).toContain('| 1 |')
  expect(text).toContain('second')
  expect(text).not.toContain('first')
  expect(text.match(/^<!-- end -->$/gm)).toHaveLength(2)
})
