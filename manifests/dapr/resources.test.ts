import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readDaprResources } from '../../platform/engines/dapr-resources.ts'
import { agentNames } from '../../schemas/words.ts'

test('every Dapr resource has the shape that Dapr takes, its policies retry a finite number of times, and what it names is there', async () => {
  const kinds = (await readDaprResources()).map(resource => resource.kind).toSorted()
  expect(kinds).toEqual(['Component', 'Component', 'Component', 'Resiliency', 'Subscription'])
})

test('the guard rails of Kafka and Redis are set: oldest first, held until its agent answers, keys that arrive whole, a prefix that services share', async () => {
  const settings = Object.fromEntries(
    (await readDaprResources()).flatMap(resource =>
      resource.kind === 'Component'
        ? resource.spec.metadata.map(
            entry => [`${resource.metadata.name}.${entry.name}`, 'value' in entry ? entry.value : ''] as const,
          )
        : [],
    ),
  )
  expect(settings).toMatchObject({
    'events.initialOffset': 'oldest',
    'events.consumeRetryEnabled': 'true',
    'events.backOffPolicy': 'constant',
    'events.escapeHeaders': 'true',
    'state.keyPrefix': 'none',
    'state.redisType': 'cluster',
  })
})

test('a delivery goes where the app listens for it', async () => {
  const subscriptions = (await readDaprResources()).filter(resource => resource.kind === 'Subscription')
  expect(subscriptions.map(({ spec }) => spec.routes.default)).toEqual(
    subscriptions.map(({ spec }) => `/events/${spec.topic}`),
  )
})

test.for([
  ['an unknown field', 'components/state.yaml', 'version: v1', 'verzion: v1', /components\/state.yaml: spec.version/],
  [
    'a retry without end',
    'resiliency/resiliency.yaml',
    'maxRetries: 3',
    'maxRetries: -1',
    /resiliency.yaml: .*maxRetries/,
  ],
  [
    'a policy that is not there',
    'resiliency/resiliency.yaml',
    'retry: brief',
    'retry: patient',
    /resiliency.yaml: there is no retry patient/,
  ],
  [
    'a component that is not there',
    'subscriptions/learning-events.yaml',
    'pubsubname: events',
    'pubsubname: event',
    /there is no component event/,
  ],
] as const)('%s is told with its file', async ([, file, from, to, told]) => {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-dapr-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  await cp(import.meta.dirname, folder, { recursive: true })
  const text = await readFile(join(folder, file), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(folder, file), text.replace(from, to))
  await expect(readDaprResources(folder)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(told),
  })
})

test('every built agent gets events', async () => {
  const subscriptions = (await readDaprResources()).filter(resource => resource.kind === 'Subscription')
  expect(subscriptions.map(({ scopes }) => scopes)).toEqual([agentNames])
})
