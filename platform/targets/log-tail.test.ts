import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failureIn, readLines, sizeOf } from './log-tail.ts'

let folder: string
let log: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-log-'))
  log = join(folder, 'platform.log')
})
afterAll(async () => rm(folder, { recursive: true, force: true }))

test('a log that is not there has no lines and no size', async () => {
  expect(await readLines(log)).toEqual({ lines: [], end: 0, skipped: 0 })
  expect(await sizeOf(log)).toBe(0)
  expect(await failureIn(log, 0)).toBeUndefined()
})

test('reading goes on where it ended, and starts over when the log was replaced', async () => {
  await writeFile(log, 'one\ntwo\n')
  const first = await readLines(log)
  expect(first.lines).toEqual(['one', 'two'])
  await appendFile(log, 'three\n')
  expect((await readLines(log, first.end)).lines).toEqual(['three'])
  await writeFile(log, 'new\n')
  expect((await readLines(log, first.end)).lines).toEqual(['new'])
})

test('of a long log only whole lines of its end are read', async () => {
  await writeFile(log, Array.from({ length: 300_000 }, (_, at) => `line ${at}\n`).join(''))
  const { lines, end, skipped } = await readLines(log)
  expect(skipped).toBe(end - 1_000_000)
  expect(lines.at(-1)).toBe('line 299999')
  expect(lines[0]).toMatch(/^line \d+$/)
  expect(lines.length).toBeLessThan(150_000)
})

test('the last failure written after an offset is found with its code and hint, and an older one is not', async () => {
  await writeFile(log, 'PORT_IN_USE: port 1 is taken\nchoose another\n')
  const later = await sizeOf(log)
  expect(await failureIn(log, later)).toBeUndefined()
  await appendFile(log, '{"level":30}\nNOT_A_CODE: x\nDATA_FOLDER_NEWER: the folder is newer\nupgrade\n')
  expect(await failureIn(log, later)).toMatchObject({
    code: 'DATA_FOLDER_NEWER',
    message: 'the folder is newer',
    hint: 'upgrade',
  })
})
