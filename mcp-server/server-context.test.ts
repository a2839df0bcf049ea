import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { dataPaths } from '../platform/owner/data-folder.ts'
import { scratch } from './fixture/client.ts'
import { openMcpContext } from './server-context.ts'

test('secrets of the folder that a mended file names are removed, and those of the first while it is wrong', async () => {
  const place = scratch()
  onTestFinished(() => place.remove())
  const [first, mended] = ['first', 'mended'].map(name => `${place.folder}/${name}`)
  for (const folder of [first, mended]) {
    const { secret } = dataPaths(folder ?? '')
    mkdirSync(dirname(secret), { recursive: true })
    writeFileSync(secret, `key of ${folder}`)
  }
  const configOf = (folder?: string) => readConfig({ LEARNFLOW_DATA_DIR: folder ?? '' }, {}, place.folder)
  let isWrong = true
  const settings = () => {
    if (isWrong) throw new PlatformError('INVALID_INPUT', 'a wrong file', { hint: 'Mend it.' })
    return configOf(mended)
  }
  const mcp = openMcpContext({ config: configOf(first), settings, version: '0.0.0' })
  const said = `key of ${first}, key of ${mended}`
  expect((await mcp.redactor())(said)).toBe(`[redacted], key of ${mended}`)
  isWrong = false
  expect((await mcp.redactor())(said)).toBe(`key of ${first}, [redacted]`)
  expect(mcp.settingsNow().LEARNFLOW_DATA_DIR).toBe(mended)
})
