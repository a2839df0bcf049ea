import type { Code } from '../../errors.ts'
import type { Topology } from './layout.ts'
import { namesOf } from './members.ts'
import type { ProcessState } from '../../ports/supervisor.ts'
import { localSupervisor } from './home.ts'
import { fullDisks } from './disks.ts'
import { brokerFix, brokerTroubles } from './brokers.ts'
import { resourceTroubles } from './resources.ts'
import { leakTroubles, sessionTroubles } from './sessions.ts'
import { orderTroubles } from './orders.ts'
import { redisTroubles } from './redis-nodes.ts'
import { listenerOf, programOf } from './sockets.ts'
import { errorLineIn, failureIn } from '../log-tail.ts'
import { isUp } from '../running.ts'
import type { ProcessTroubles } from '../target.ts'
import type { Trouble } from '../trouble.ts'

/** This many restarts, the last of them recent, count as a recurring failure. */
const manyRestarts = 3
const recentMs = 600_000

/**
 * Processes that do one task together. `need`: how many of them must run; with fewer the platform cannot answer
 * questions about itself.
 */
interface ProcessGroup {
  names: readonly string[]
  need: number
  cause(down: readonly string[]): string
  fix: string
  /** The fix when the only one that is down ends again and again with this line in its log. */
  fixOf?(broken: ProcessState, line: string): string | undefined
}

/**
 * What is wrong with the processes of a `local` platform, the worst first; `usable`: enough of every engine runs for
 * the platform to be queried.
 */
export async function troublesOfProcesses(
  folder: string,
  topology: Topology,
  sinceMs = recentMs,
): Promise<ProcessTroubles> {
  const supervisor = localSupervisor(folder)
  const looked = await Promise.all(
    processGroupsOf(folder, topology).map(async group => ({
      band: group,
      states: await Promise.all(group.names.map(async name => supervisor.status(name))),
    })),
  )
  const findings = await Promise.all(looked.map(async ({ band: group, states }) => findingOf(group, states, sinceMs)))
  const running = (states: readonly ProcessState[]): number => states.filter(isRunning).length
  const beside = await Promise.all([
    fullDisks(folder),
    sessionTroubles(
      topology,
      looked.flatMap(({ states }) => states),
    ),
    resourceTroubles(folder),
    brokerTroubles(folder, topology),
    leakTroubles(topology),
    redisTroubles(topology),
    orderTroubles(folder, topology, supervisor),
  ])
  return {
    up: looked.flatMap(({ states }) => states).filter(isUp).length,
    usable: looked.every(({ band: group, states }) => running(states) >= group.need),
    findings: [...beside.flat(), ...findings.filter(finding => finding !== undefined)],
  }
}

function processGroupsOf(folder: string, topology: Topology): ProcessGroup[] {
  const numbered = (name: string, count: number): string[] =>
    Array.from({ length: count }, (_, at) => `${name}-${at + 1}`)
  const engines: ProcessGroup[] = [
    {
      names: ['postgres'],
      need: 1,
      cause: () => 'PostgreSQL is down: nothing can be stored',
      fix: 'learnflow postgres deploy',
    },
    {
      names: numbered('kafka', topology.kafka.length),
      need: 2,
      cause: down =>
        `${down.length} of ${topology.kafka.length} Kafka brokers are down: ${down.length > 1 ? 'nothing is published' : 'the others go on'}`,
      fix: 'learnflow kafka-deploy deploy',
      fixOf: (broken, line) => brokerFix(folder, broken, line),
    },
    {
      names: numbered('redis', topology.redis.length),
      need: 4,
      cause: down => `${down.length} of ${topology.redis.length} Redis nodes are down`,
      fix: 'learnflow redis-cluster deploy; then learnflow state-store status',
    },
  ]
  const own = topology.members.flatMap((instance): ProcessGroup[] => {
    const [name = '', sidecar] = namesOf(instance, topology)
    const fix =
      instance.role === 'api' ? 'learnflow up --target local' : `learnflow tutoring-agents deploy ${instance.role}`
    const beside =
      sidecar === undefined
        ? []
        : [
            {
              names: [sidecar],
              need: 0,
              cause: () => `the sidecar of ${name} is down: nothing reaches it`,
              fix: 'learnflow dapr-runtime deploy',
            },
          ]
    return [...beside, { names: [name], need: 0, cause: () => `${name} does not run`, fix }]
  })
  return [...engines, ...own]
}

const isRunning = ({ status, paused }: ProcessState): boolean => status === 'running' && paused !== true

async function findingOf(
  { cause, fix, fixOf }: ProcessGroup,
  states: readonly ProcessState[],
  sinceMs: number,
): Promise<Trouble | undefined> {
  const paused = states.find(state => state.paused === true)
  if (paused !== undefined) return pausedTrouble(paused)
  const down = states.filter(state => !isRunning(state))
  const [worst] = [...down, ...states.filter(state => isUnsteady(state, sinceMs))]
  if (worst === undefined) return undefined
  const [said, line] = [await failureIn(worst.log, 0), await errorLineIn(worst.log)]
  const why =
    said !== undefined
      ? `its log: ${said.code}: ${said.message.slice(0, 80)}`
      : line === undefined || isUp(worst)
        ? `see ${worst.log}`
        : `its log: ${line.slice(0, 160)}`
  const names = down.map(({ name }) => name)
  const code: Code = names.length === 0 || isUp(worst) ? 'CHECK_FAILED' : 'DEPENDENCY_DOWN'
  const taker = said?.code === 'PORT_IN_USE' ? await takerOf(said.message) : undefined
  const hint =
    taker === undefined
      ? said === undefined || worst.status === 'stopped'
        ? ''
        : `${said.hint.slice(0, 80)}; then `
      : `kill ${taker.pid} (if nobody needs it); then `
  return {
    code,
    cause: isGivenUp(worst)
      ? `${worst.name} ends again and again`
      : names.length === 0
        ? `${worst.name} is unsteady`
        : cause(names),
    evidence: `${worst.name} ${worst.status}${endOf(worst)}, ${worst.restarts} restarts; ${why}${taker === undefined ? '' : ` by process ${taker.pid}, ${taker.program}`}`,
    fix: (names.length === 1 && isGivenUp(worst) ? fixOf?.(worst, line ?? '') : undefined) ?? `${hint}${fix}`,
  }
}

/** The process that has the port which this failure names, and its program. */
async function takerOf(message: string): Promise<{ pid: number; program: string } | undefined> {
  const port = /\bport (\d+)/.exec(message)?.[1]
  const pid = port === undefined ? undefined : await listenerOf(Number(port))
  return pid === undefined ? undefined : { pid, program: await programOf(pid) }
}

const pausedTrouble = ({ name, pid = 0 }: ProcessState): Trouble => ({
  code: 'CHECK_FAILED',
  cause: `${name} stands still: a signal has stopped it`,
  evidence: `process ${pid} is stopped (SIGSTOP)`,
  fix: `kill -CONT ${pid}`,
})

const isGivenUp = ({ status }: ProcessState): boolean => status === 'crash_loop'

const isUnsteady = ({ restarts, last_exit: exit }: ProcessState, sinceMs: number): boolean =>
  restarts >= manyRestarts && exit !== undefined && Date.now() - Date.parse(exit.at) < sinceMs

const endOf = ({ last_exit: exit }: ProcessState): string =>
  exit === undefined ? '' : `, ended ${exit.at.slice(11, 19)} with ${exit.signal ?? exit.code}`
