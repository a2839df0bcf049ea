import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, onTestFinished, test } from 'vitest'
import { definitions } from './catalog.ts'
import { differencesOf, generatedFolder, readFiles, schemaFiles, writeFiles } from './generated.ts'

const wanted = schemaFiles()

test('the committed schemas are what the definitions make', async () => {
  const present = new Map([...(await readFiles(generatedFolder))].filter(([path]) => path !== 'openapi.json'))
  expect(differencesOf(present, wanted)).toEqual([])
})

test('generating twice makes the same text', () => {
  expect([...schemaFiles()]).toEqual([...wanted])
})

test('a missing, a stale and an extra file are found, mended, and found no more', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-schemas-'))
  onTestFinished(async () => rm(folder, { recursive: true }))
  expect(await readFiles(join(folder, 'absent'))).toEqual(new Map())
  await writeFiles(folder, wanted, differencesOf(await readFiles(folder), wanted))
  await Promise.all([
    writeFile(join(folder, 'avro/topic.avsc'), 'stale'),
    writeFile(join(folder, 'avro/unknown.avsc'), '{}'),
    rm(join(folder, 'json-schema/topic.json')),
  ])
  const differences = differencesOf(await readFiles(folder), wanted)
  expect(differences).toEqual([
    { path: 'avro/topic.avsc', state: 'stale' },
    { path: 'avro/unknown.avsc', state: 'extra' },
    { path: 'json-schema/topic.json', state: 'missing' },
  ])
  await writeFiles(folder, wanted, differences)
  expect(differencesOf(await readFiles(folder), wanted)).toEqual([])
})

test('every generated JSON Schema is one, and its id tells what it describes', () => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false })
  addFormats.default(ajv)
  for (const { id, json } of definitions) {
    expect(ajv.validateSchema(json), id).toBe(true)
    ajv.compile(json)
    expect(json.$id).toBe(`urn:learnflow:${id.replaceAll('/', ':')}`)
  }
})
