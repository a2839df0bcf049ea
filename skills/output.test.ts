import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { failureOf } from './output.ts'

const caught = async (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error)

test('a path that is none is wrong input that names it, any other unexpected failure a fault of ours', async () => {
  const below = join(import.meta.filename, 'data')
  expect(failureOf(await caught(mkdir(below)))).toMatchObject({
    code: 'INVALID_INPUT',
    message: `${below} is not a folder, or lies in something that is none (ENOTDIR)`,
  })
  const long = `/tmp/${'x'.repeat(300)}`
  expect(failureOf(await caught(readFile(long)))).toMatchObject({ code: 'INVALID_INPUT' })
  expect(failureOf(await caught(readFile(import.meta.dirname)))).toMatchObject({ code: 'INTERNAL' })
  expect(failureOf(new TypeError('x'))).toMatchObject({ code: 'INTERNAL' })
})
