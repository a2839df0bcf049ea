import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { type Config, readConfig } from '../../platform/config.ts'
import { serveHttp } from '../http.ts'
import { serverFactory } from '../server.ts'
import { conformanceFactory } from './fixture.ts'

const root = join(import.meta.dirname, '..', '..')
const suite = join(root, 'node_modules', '@modelcontextprotocol', 'conformance')
let folder: string
let config: Config

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-conformance-'))
  config = readConfig({ LEARNFLOW_DATA_DIR: join(folder, 'data') }, {}, folder)
})
afterAll(async () => rm(folder, { recursive: true, force: true }))

/** Runs the suite, and returns how many checks of each scenario passed and failed. */
async function conformance(
  url: string,
  args: readonly string[],
): Promise<{ exitCode: number | undefined; scenarios: Map<string, { passed: number; failed: number }> }> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(suite, 'dist', 'index.js'), 'server', '--url', url, ...args],
    {
      reject: false,
      cwd: folder,
    },
  )
  const lines = stripVTControlCharacters(`${stdout}\n${stderr}`).matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed/gm)
  return {
    exitCode,
    scenarios: new Map(
      [...lines].map(([, name = '', passed, failed]) => [name, { passed: Number(passed), failed: Number(failed) }]),
    ),
  }
}

async function required(revision: string): Promise<string[]> {
  const text = await readFile(join(suite, 'requirements', `${revision}.yaml`), 'utf8')
  return z.object({ server: z.array(z.string()) }).parse(parse(text)).server
}

/** The scenarios that did not pass; a scenario without any passed check counts as not passed. */
const failing = (
  scenarios: ReadonlyMap<string, { passed: number; failed: number }>,
  names: readonly string[],
): string[] =>
  names.filter(name => {
    const { passed, failed } = scenarios.get(name) ?? { passed: 0, failed: 1 }
    return passed === 0 || failed > 0
  })

test('the transport passes the 37 scenarios of 2026-07-28, and those on headers and JSON Schema', async () => {
  await using door = await serveHttp(conformanceFactory(), { config, host: '127.0.0.1', port: 0, auth: false })
  const { scenarios } = await conformance(door.url, ['--requirements', '2026-07-28'])
  const names = await required('2026-07-28')
  expect(names).toHaveLength(37)
  expect(
    failing(scenarios, [
      ...names,
      'http-header-validation',
      'http-custom-header-server-validation',
      'json-schema-2020-12',
    ]),
  ).toEqual([])
})

test('of 2025-11-25 it passes all but what needs a session', async () => {
  await using door = await serveHttp(conformanceFactory(), { config, host: '127.0.0.1', port: 0, auth: false })
  const expected = join(import.meta.dirname, 'expected-failures-2025-11-25.yaml')
  // The suite exits with 1 for an unexpected failure, and also for an expected failure that passes.
  const { exitCode, scenarios } = await conformance(door.url, [
    '--requirements',
    '2025-11-25',
    '--expected-failures',
    expected,
  ])
  const known = z.object({ server: z.array(z.string()) }).parse(parse(await readFile(expected, 'utf8'))).server
  expect(failing(scenarios, await required('2025-11-25')).toSorted()).toEqual(known.toSorted())
  expect(exitCode).toBe(0)
})

/** Scenarios that need no fixture run against the product itself, with the number of checks that must pass. */
const ofTheProduct = {
  'sep-2640-skills-enumeration': 32,
  'sep-2640-skills-manifest': 6,
  'sep-2640-skills-directory': 7,
  'tools-list': 3,
  'resources-list': 2,
  'sep-2164-resource-not-found': 4,
  'dns-rebinding-protection': 2,
  'http-header-validation': 14,
  'input-required-result-unsupported-methods': 2,
}

test('the product passes the scenarios of skills and all others that need no fixture', async () => {
  await using door = await serveHttp(await serverFactory({ config, version: '0.0.0' }), {
    config,
    host: '127.0.0.1',
    port: 0,
    auth: false,
  })
  const found = await Promise.all(
    Object.keys(ofTheProduct).map(async name => {
      const { stdout } = await execa(
        process.execPath,
        [join(suite, 'dist', 'index.js'), 'server', '--url', door.url, '--scenario', name],
        {
          reject: false,
          cwd: folder,
        },
      )
      return [name, /Passed: (\d+)\/\1, 0 failed/.exec(stdout)?.[1]] as const
    }),
  )
  const wanted = Object.entries(ofTheProduct).map(([name, checks]) => [name, String(checks)])
  expect(found).toEqual(wanted)
})
