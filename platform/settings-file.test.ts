import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { changedSettings, recordOfSettings, settingsFileName } from './settings-file.ts'

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'learnflow-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('only the file that counted at the start, or would at the next, has changed settings', () => {
  const folder = scratch()
  const [bare, other] = ['bare', 'other'].map(name => join(folder, name)) as [string, string]
  mkdirSync(bare)
  mkdirSync(other)
  const without = recordOfSettings(bare)
  writeFileSync(join(other, settingsFileName), 'http_port: 1\n')
  const record = recordOfSettings(other)
  expect(changedSettings(without)).toEqual([])
  expect(changedSettings({ digests: {} })).toEqual([])
  expect(changedSettings(record)).toEqual([])
  writeFileSync(join(other, settingsFileName), 'http_port: 2\nlease_seconds: 7\n')
  expect(changedSettings(record)).toEqual(['http_port', 'lease_seconds'])
  writeFileSync(join(bare, settingsFileName), 'http_port: 2\n')
  expect(changedSettings(without)).toEqual(['http_port'])
})

test('a file that cannot be read any more has changed, which fails nothing', () => {
  const folder = scratch()
  const file = join(folder, settingsFileName)
  writeFileSync(file, 'http_port: 1\n')
  const record = recordOfSettings(folder)
  writeFileSync(file, 'http_port: [\n')
  expect(changedSettings(record)).toEqual([settingsFileName])
  rmSync(file)
  expect(changedSettings(record)).toEqual(['http_port'])
})
