import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readRoster } from './roster-file.ts'

async function read(text: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-roster-'))
  onTestFinished(async () => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'list'), text)
  return readRoster(join(folder, 'list'))
}

test('ids are read from one column of a table, from plain lines and from JSON', async () => {
  expect(await read('\u{feff}name;student_id\r\n"Ann; A.";ann\r\nBob;"bob"\r\n')).toEqual(['ann', 'bob'])
  expect(await read('Student,Name\nann,"says ""hi"""\n')).toEqual(['ann'])
  expect(await read('ann\nbob\n\n')).toEqual(['ann', 'bob'])
  expect(await read('["ann", {"student_id": "bob", "name": "B"}]')).toEqual(['ann', 'bob'])
})

test('a list without students, and JSON that is none, are refused', async () => {
  await expect(read('\n')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(read('{"ann": 1}')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(readRoster('/no/such/list')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
