import { chmodSync, chownSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { shown } from './rows.ts'
import { writeSetting } from './write.ts'

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'learnflow-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a setting is replaced in its line and taken out however it is spelt there', async () => {
  const file = join(scratch(), 'learnflow.yaml')
  const name = 'LEARNFLOW_HTTP_PORT'
  for (const spelt of ['http_port', 'http-port', 'HTTP_PORT', name]) {
    writeFileSync(file, `# ours\n${spelt}: 1 # why\nlease_seconds: 7\n`)
    await writeSetting(file, name, 2)
    expect(readFileSync(file, 'utf8')).toBe(`# ours\n${spelt}: 2 # why\nlease_seconds: 7\n`)
    await writeSetting(file, name, undefined)
    expect(readFileSync(file, 'utf8')).not.toContain(spelt)
    expect(readFileSync(file, 'utf8')).toContain('lease_seconds: 7\n')
  }
  writeFileSync(file, 'http_port: 1\nHTTP-PORT: 3\n')
  await writeSetting(file, name, 2)
  expect(readFileSync(file, 'utf8')).toBe('http_port: 2\n')
})

test('a file is made where there is none; one that is there keeps mode, owner and the link to it', async () => {
  const folder = scratch()
  const [file, link] = [join(folder, 'real.yaml'), join(folder, 'learnflow.yaml')]
  await writeSetting(file, 'LEARNFLOW_HTTP_PORT', 1)
  expect(readFileSync(file, 'utf8')).toBe('http_port: 1\n')
  chmodSync(file, 0o640)
  if (process.getuid?.() === 0) chownSync(file, 12, 34)
  const { mode, uid, gid } = statSync(file)
  symlinkSync(file, link)
  await writeSetting(link, 'LEARNFLOW_HTTP_PORT', 2)
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(readFileSync(file, 'utf8')).toBe('http_port: 2\n')
  expect(statSync(file)).toMatchObject({ mode, uid, gid })
  expect(readdirSync(folder).toSorted()).toEqual(['learnflow.yaml', 'real.yaml'])
})

test.each([
  ['postgres://ann:pa:ss/w@rd@host:5432/db', 'postgres://ann:***@host:5432/db'],
  ['postgres://ann:@host/db', 'postgres://ann:***@host/db'],
  ['postgres://ann@host:5432/db', 'postgres://ann@host:5432/db'],
  ['postgres://ann@host/db?password=x&sslmode=off', 'postgres://ann@host/db?password=***&sslmode=off'],
  ["host=h password = 'a b' user=ann", 'host=h password = *** user=ann'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
])('%s is shown as %s', (value, expected) => expect(shown(value)).toBe(expected))
