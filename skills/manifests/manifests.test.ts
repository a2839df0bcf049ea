import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../platform/config.ts'
import check from './scripts/check.ts'

const context = {
  config: readConfig({}, {}, '/'),
  dryRun: false,
  progress() {},
  line() {},
  signal: new AbortController().signal,
}

async function fileOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-manifests-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'rendered.yaml'), text)
  return join(folder, 'rendered.yaml')
}

test('the overlays of this repository have no fault', async () => {
  const { data, failure } = await check.run({}, context)
  expect(failure).toBeUndefined()
  expect(Object.keys(data.objects)).toEqual(['ci', 'dev', 'production'])
})

test('faults of a rendered file are a failure that names file, object and field, and stays short', async () => {
  const service = (name: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: none}, ports: [{port: 80}]}\n---\n`
  const file = await fileOf(Array.from({ length: 40 }, (_, at) => service(`lost-${at}`)).join(''))
  const { data, failure } = await check.run({ file }, context)
  expect(data.faults).toHaveLength(40)
  expect(failure?.code).toBe('CHECK_FAILED')
  expect(failure?.message).toContain(`${file}: Service/lost-0 spec.selector: selects no pod (service-selector)`)
  expect(countTokens(`${failure?.message}\n${failure?.hint}`)).toBeLessThanOrEqual(400)
})

test.for([
  ['an overlay that is not there', { overlay: 'staging' }, 'NOT_FOUND', /ci, dev, production/],
  ['a file that is not there', { file: '/nowhere/rendered.yaml' }, 'NOT_FOUND', /path of a file/],
] as const)('%s is told with what to do', async ([, input, code, hint]) => {
  await expect(check.run(input, context)).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) })
})
