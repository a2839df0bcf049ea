import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { agentNames } from '../../../schemas/words.ts'
import { readConfig } from '../../config.ts'
import { namedPorts } from './layout.ts'
import { updateTopology, readTopology, ensureTopology } from './topology.ts'
import { apiUrls, commandOf, processKindOf, instanceConfig, withApiPorts, withInstance } from './instances.ts'

async function folderOf(settings: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-roster-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  return readConfig({ LEARNFLOW_DATA_DIR: folder }, settings, folder)
}

test('a platform begins with two API processes and one of each agent, no two things on one port', async () => {
  const config = await folderOf({ LEARNFLOW_LOCAL_PORTS: '23000', LEARNFLOW_HTTP_PORT: '24000' })
  const topology = await ensureTopology(config, true)
  expect(topology.members.map(({ name }) => name)).toEqual(['api-1', 'api-2', ...agentNames.map(name => `${name}-1`)])
  expect(topology.engine).toBe('dapr')
  expect(apiUrls(config, topology)).toEqual(['http://127.0.0.1:24000', 'http://127.0.0.1:24001'])
  const ports = namedPorts(topology).map(([, port]) => port)
  expect(new Set(ports).size).toBe(ports.length)
  expect(await readTopology(config.LEARNFLOW_DATA_DIR)).toEqual(topology)
})

test('two things that would have one port are named', async () => {
  const config = await folderOf({ LEARNFLOW_LOCAL_PORTS: '23000', LEARNFLOW_HTTP_PORT: '23018' })
  await expect(ensureTopology(config, true)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: 'port 23018 is for postgres and for api-1',
  })
  const topology = await ensureTopology({ ...config, LEARNFLOW_HTTP_PORT: 24_000 }, true)
  expect(() => withApiPorts(topology, 23_005)).toThrow('port 23005 is for kafka-3 controller and for api-1')
})

test('an agent is scaled by one more process with ports of its own, and back', async () => {
  const config = await folderOf({ LEARNFLOW_LOCAL_PORTS: '0', LEARNFLOW_HTTP_PORT: '0' })
  const { LEARNFLOW_DATA_DIR: folder } = config
  await ensureTopology(config, true)
  const more = await updateTopology(folder, async topology => withInstance(topology, 'exercise'))
  expect(more.members.at(-1)?.name).toBe('exercise-2')
  const ports = namedPorts(more).map(([, port]) => port)
  expect(new Set(ports).size).toBe(ports.length)
  const fewer = await updateTopology(folder, topology => ({
    ...topology,
    members: topology.members.filter(({ name }) => name !== 'exercise-1'),
  }))
  expect((await withInstance(fewer, 'exercise')).members.map(({ name }) => name)).toContain('exercise-1')
})

test('a process is told its engine, its engines and its sidecar; who it is stands in its command', async () => {
  const config = await folderOf({
    LEARNFLOW_LOCAL_PORTS: '23000',
    LEARNFLOW_HTTP_PORT: '24000',
    LEARNFLOW_DRIVERS: 'direct',
  })
  const topology = await ensureTopology(config, true)
  const [first] = topology.members
  expect(instanceConfig({ ...config, LEARNFLOW_DRIVERS: 'dapr' }, topology, 'api-2')).toMatchObject({
    LEARNFLOW_DRIVERS: 'direct',
    LEARNFLOW_HTTP_PORT: 24_001,
    LEARNFLOW_KAFKA_BROKERS: '127.0.0.1:23000,127.0.0.1:23002,127.0.0.1:23004',
  })
  expect(() => instanceConfig(config, topology, 'api-9')).toThrow('no process of this platform is called api-9')
  expect(first === undefined ? [] : commandOf(first, '/data')).toEqual(['api', '--as', 'api-1', '--data', '/data'])
})

test('every process is stopped in the turn of its kind', () => {
  expect(['api-2', 'exercise-1', 'daprd-api-1', 'kafka-1', 'postgres'].map(processKindOf)).toEqual([
    'api',
    'agent',
    'sidecar',
    'engine',
    'engine',
  ])
})
