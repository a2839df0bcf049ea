import { cp, mkdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { Kafka, logLevel } from 'kafkajs'
import { brokerData } from '../../../platform/engines/kafka-identity.ts'
import { localSupervisor } from '../../../platform/targets/local/home.ts'
import { localPaths } from '../../../platform/targets/local/layout.ts'
import { learningEvents } from '../../../schemas/topics.ts'
import { until } from '../../wait.ts'
import { agentNames } from '../../../schemas/words.ts'
import type { LocalTestPlatform } from '../../test-platform-local.ts'
import { topicSettings } from '../../topic-settings.ts'
import { defineScenario, type Scenario } from '../scenario.ts'

const leaked = 240
const stopMs = 20_000
const broker = 'kafka-3'
const folderOf = ({ folder }: LocalTestPlatform): string => brokerData(localPaths(folder).engine('kafka'), broker)

/** Does this to the data of a broker while it is down. */
async function whileDown(platform: LocalTestPlatform, harm: () => Promise<void>): Promise<void> {
  await using _down = await platform.holdDown([broker])
  await harm()
}

/** A setting of `learning.events` is changed. */
const setting = (id: string, after: string, cause: RegExp, change: Readonly<Record<string, number>>): Scenario =>
  defineScenario({
    id: `kafka.${id}`,
    after,
    roots: [{ cause: cause, fix: /^learnflow kafka-topics create/ }],
    strike: async ({ topology }) => topicSettings(topology).change(learningEvents, change),
  })

/** What a full disk has left, in bytes. */
const leftBytes = 4_000_000

async function mayMount(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false
  const { exitCode } = await execa('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { reject: false })
  return exitCode === 0
}

/** Gives the broker a disk of its own, as root, and fills it. */
async function fillDisk({ folder, command, env }: LocalTestPlatform, undo: AsyncDisposableStack): Promise<void> {
  const home = join(localPaths(folder).engine('kafka'), broker)
  const kept = `${home}.kept`
  const supervisor = localSupervisor(folder)
  const deploy = async (): Promise<unknown> =>
    execa(process.execPath, [command, 'kafka-deploy', 'deploy', '--data', folder], { env, reject: false })
  await supervisor.stop(broker, stopMs)
  await rename(home, kept)
  await mkdir(home)
  undo.defer(async () => {
    await supervisor.stop(broker, stopMs)
    await execa('umount', ['-l', home], { reject: false })
    await rm(home, { recursive: true })
    await rename(kept, home)
    await deploy()
  })
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', home])
  // What repairs of before have put aside stays where it is.
  await cp(kept, home, { recursive: true, filter: path => !/\/data\.\d+$/.test(path) })
  const { bavail, bsize } = await statfs(home)
  await writeFile(join(home, 'ballast'), Buffer.alloc(bavail * bsize - leftBytes))
  await deploy()
}

export const kafkaScenarios = [
  defineScenario({
    id: 'kafka.topic-missing',
    after: 'SREGym operator_misoperation',
    roots: [
      {
        cause: /topics are missing or wrong \(learning\.events has 0 of 12 partitions/,
        fix: /^learnflow kafka-topics create/,
      },
    ],
    strike: async ({ topology }) => topicSettings(topology).drop(learningEvents),
  }),
  setting('retention', 'SREGym operator_misoperation', /learning\.events has retention_ms 60000/, {
    'retention.ms': 60_000,
  }),
  setting('in-sync', 'SREGym operator_misoperation', /learning\.events has min_insync_replicas 1/, {
    'min.insync.replicas': 1,
  }),
  setting('in-sync-all', 'SREGym operator_misoperation', /learning\.events has min_insync_replicas 3/, {
    'min.insync.replicas': 3,
  }),
  setting('message-size', 'ITBench-13', /learning\.events has max_message_bytes 1,/, { 'max.message.bytes': 1 }),
  defineScenario({
    id: 'kafka.poison-record',
    unnoticed: true,
    after: 'SREGym kafka_poison_pill',
    roots: [{ cause: /dead letters? with INVALID/, fix: /^learnflow kafka-topics discard/ }],
    async strike({ probe }) {
      await probe.operate('kafka-topics/produce', {
        topic: learningEvents.name,
        key: 'nobody',
        value: '{"no":"event"}',
      })
      // Every agent refuses it, each when it comes to it.
      const all = async (): Promise<boolean> =>
        (await probe.operate<{ total: number }>('kafka-topics/dead-letters', {})).total >= agentNames.length
      await until('every agent has refused it', all, { limitMs: 60_000 })
    },
  }),
  defineScenario({
    id: 'kafka.producer-leak',
    unnoticed: true,
    after: 'SREGym kafka_producer_leak',
    roots: [{ cause: /a process keeps \d+ connections to the brokers/ }],
    async strike({ topology: { kafka: nodes } }, undo) {
      const kafka = new Kafka({
        clientId: 'leak',
        brokers: nodes.map(({ port }) => `127.0.0.1:${port}`),
        logLevel: logLevel.NOTHING,
      })
      for (let at = 0; at < leaked; at += 1) {
        const admin = kafka.admin()
        undo.defer(async () => admin.disconnect())
        await admin.connect()
      }
    },
  }),
  defineScenario({
    id: 'kafka.broker-hangs',
    after: 'AIOpsLab pod_failure',
    roots: [{ cause: /kafka-2 stands still/, fix: /^kill -CONT \d+$/ }],
    strike: async platform => platform.signal('kafka-2', 'SIGSTOP'),
  }),
  // A disk of its own takes the right to mount one.
  ...((await mayMount())
    ? [
        defineScenario({
          id: 'kafka.disk-full',
          after: 'SREGym storage_write_failure',
          roots: [{ cause: /the disk of kafka-3 is full \(\d+ MB free in .*kafka-3/ }],
          unnoticed: true,
          strike: fillDisk,
        }),
      ]
    : []),
  defineScenario({
    id: 'kafka.data-of-nobody',
    after: 'ITBench-37',
    roots: [{ cause: /the data of kafka-3 does not say whose it is/, fix: /^learnflow kafka-deploy deploy$/ }],
    strike: async platform =>
      whileDown(platform, async () => writeFile(join(folderOf(platform), 'meta.properties'), 'node.id=7\n')),
  }),
  defineScenario({
    id: 'kafka.data-of-another',
    after: 'ITBench-37',
    roots: [{ cause: /kafka-3.*meta\.properties has cluster\.id AAAA/, fix: /^learnflow kafka-deploy deploy$/ }],
    async strike(platform) {
      const file = join(folderOf(platform), 'meta.properties')
      const text = await readFile(file, 'utf8')
      await whileDown(platform, async () =>
        writeFile(file, text.replace(/^cluster\.id=.*$/m, 'cluster.id=AAAAAAAAAAAAAAAAAAAAAA')),
      )
    },
  }),
  defineScenario({
    id: 'kafka.data-broken',
    after: 'SREGym silent_data_corruption',
    roots: [
      { cause: /kafka-3 ends again and again/, fix: /^mv \S+kafka-3\/data \S+; then learnflow kafka-deploy deploy$/ },
    ],
    strike: async platform =>
      whileDown(platform, async () => {
        const log = join(folderOf(platform), '__cluster_metadata-0')
        await rm(log, { recursive: true })
        await writeFile(log, '')
      }),
  }),
] as const
