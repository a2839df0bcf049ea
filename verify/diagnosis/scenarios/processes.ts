import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { join } from 'node:path'
import { execa } from 'execa'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { localPaths } from '../../../platform/targets/local/layout.ts'
import { sidecarOf, instanceOf } from '../../../platform/targets/local/instances.ts'
import { localSupervisor } from '../../../platform/targets/local/home.ts'
import type { LocalTestPlatform } from '../../test-platform-local.ts'
import { defineScenario, type Scenario } from '../scenario.ts'

const stopMs = 20_000
const hidden = 'exercise-1'

const hangs = (name: string): Scenario =>
  defineScenario({
    id: `process.${name}-hangs`,
    after: 'AIOpsLab pod_failure',
    roots: [{ cause: new RegExp(`${name} stands still`), fix: /^kill -CONT \d+$/ }],
    strike: async platform => platform.signal(name, 'SIGSTOP'),
  })

/** Listens on a port as soon as it is free. */
const take = `
  const server = require('node:net').createServer(socket => socket.destroy())
  const listen = () => server.listen(Number(process.argv[1]), '127.0.0.1')
  server.on('error', () => setTimeout(listen, 50)).on('listening', () => console.log('taken'))
  listen()`

/** The file of a component in the copy that the sidecars read. */
async function component({ folder }: LocalTestPlatform, name: string): Promise<string> {
  const { sidecars } = localPaths(folder)
  const copy = (await readdir(sidecars)).find(entry => entry.startsWith('resources-')) ?? ''
  return join(sidecars, copy, 'components', name)
}

/** Starts the sidecar of an agent with another argument or setting than the platform gives it. */
const otherSidecar = (
  id: string,
  after: string,
  cause: RegExp,
  change: (args: readonly string[], env: Readonly<Record<string, string>>) => [string[], Record<string, string>],
): Scenario =>
  defineScenario({
    id: `dapr.${id}`,
    after,
    roots: [{ cause: cause, fix: /^learnflow dapr-runtime deploy$/ }],
    async strike({ folder, topology }) {
      const supervisor = localSupervisor(folder)
      const { programs } = await sidecarOf(instanceOf(topology, hidden), folder, topology)
      for (const { name, args, env = {}, ...program } of programs) {
        const [others, settings] = change(args, env)
        await supervisor.stop(name, stopMs)
        await supervisor.start(name, others, { ...program, env: settings })
      }
    },
  })

export const processScenarios = [
  hangs('api-2'),
  hangs('exercise-1'),
  hangs('daprd-exercise-1'),
  defineScenario({
    id: 'process.port-taken',
    after: 'own, ITBench-105',
    roots: [
      {
        cause: /exercise-1 does not run.*PORT_IN_USE/,
        fix: /^kill \d+ \(if nobody needs it\); then learnflow tutoring-agents deploy exercise$/,
      },
    ],
    async strike(platform, undo) {
      const { sidecar } = instanceOf(platform.topology, hidden)
      await using _down = await platform.holdDown([hidden])
      const taker = execa(process.execPath, ['--eval', take, String(sidecar.app)], { reject: false })
      undo.defer(async () => {
        taker.kill()
        await taker
      })
      await once(taker.stdout, 'data')
    },
  }),
  defineScenario({
    id: 'process.secret-changed',
    unnoticed: true,
    after: 'SREGym revoke_auth, secret_rotation_stale_env',
    roots: [{ cause: /the API does not accept tokens of this folder's secret/ }],
    async strike({ folder }, undo) {
      const { secret } = dataPaths(folder)
      const right = await readFile(secret, 'utf8')
      undo.defer(async () => writeFile(secret, right))
      await writeFile(secret, 'another-secret-that-nobody-has-read-yet-0123456789')
    },
  }),
  defineScenario({
    id: 'dapr.component-missing',
    unnoticed: true,
    after: 'SREGym missing_configmap',
    roots: [{ cause: /files of the sidecars .*state\.yaml is missing/, fix: /^learnflow dapr-runtime deploy$/ }],
    strike: async platform => rm(await component(platform, 'state.yaml')),
  }),
  defineScenario({
    id: 'dapr.component-changed',
    unnoticed: true,
    after: 'SREGym configmap_drift',
    roots: [{ cause: /files of the sidecars .*events\.yaml was changed/, fix: /^learnflow dapr-runtime deploy$/ }],
    async strike(platform) {
      const file = await component(platform, 'events.yaml')
      const text = await readFile(file, 'utf8')
      await writeFile(
        file,
        text.replace(
          'metadata:\n    - name: brokers',
          "metadata:\n    - name: maxMessageBytes\n      value: '1'\n    - name: brokers",
        ),
      )
    },
  }),
  defineScenario({
    id: 'dapr.scope',
    unnoticed: true,
    after: 'SREGym wrong_service_selector',
    roots: [{ cause: /files of the sidecars .*state\.yaml was changed/, fix: /^learnflow dapr-runtime deploy$/ }],
    async strike(platform) {
      const file = await component(platform, 'state.yaml')
      await writeFile(file, `${await readFile(file, 'utf8')}\nscopes:\n  - nobody\n`)
    },
  }),
  otherSidecar(
    'app-port',
    'SREGym incorrect_port_assignment',
    /daprd-exercise-1 runs with other settings.*app-port/,
    (args, env) => [args.map((value, at) => (args[at - 1] === '--app-port' ? '9' : value)), { ...env }],
  ),
  otherSidecar(
    'broker-address',
    'ITBench-24',
    /daprd-exercise-1 runs with other settings.*LEARNFLOW_KAFKA_BROKERS/,
    (args, env) => [[...args], { ...env, LEARNFLOW_KAFKA_BROKERS: '127.0.0.1:9' }],
  ),
  otherSidecar(
    'setting-missing',
    'SREGym missing_env_variable',
    /daprd-exercise-1 runs with other settings.*LEARNFLOW_REDIS_NODES/,
    (args, env) => [
      [...args],
      Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'LEARNFLOW_REDIS_NODES')),
    ],
  ),
] as const
