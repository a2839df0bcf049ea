import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { type Config, readConfig } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { hasProvider } from '../../platform/tokens.ts'
import { demandTopology } from '../../platform/targets/local/topology.ts'
import { defaultTarget, targetNames } from '../../platform/targets/all.ts'
import { heldTarget, targetFor, targetOf } from '../../platform/targets/resolve.ts'
import { instanceConfig } from '../../platform/targets/local/instances.ts'
import { printData, printLines } from '../../skills/output.ts'
import { agentNames } from '../../schemas/words.ts'
import { prepareOnce, serve, serveRole } from './run-platform.ts'
import { counted } from '../../schemas/counted.ts'
import { unknownName } from './script.ts'
import { ownToken } from '../../skills/access/own-token.ts'
import { version } from '../version.ts'

interface ServeOptions {
  greet?: boolean
  target?: string
  port?: string
  data?: string
  json?: boolean
}

const root = join(import.meta.dirname, '..', '..')
const firstStudent = 'student-1'

/** Runs the platform until it is stopped; with `greet` it prints its address and what to do next. */
export async function serveCommand({ greet, target, port, data, json }: ServeOptions): Promise<void> {
  const config = readConfig({
    ...(port === undefined ? {} : { LEARNFLOW_HTTP_PORT: numberOf(port) }),
    ...(data === undefined ? {} : { LEARNFLOW_DATA_DIR: data }),
    // For a person who reads the greeting only warnings are logged, not a line per request.
    ...(greet && process.env['LEARNFLOW_LOG_LEVEL'] === undefined ? { LEARNFLOW_LOG_LEVEL: 'warn' as const } : {}),
  })
  const folder = config.LEARNFLOW_DATA_DIR
  const wanted = target ?? heldTarget(folder) ?? defaultTarget
  const name = targetNames.find(one => one === wanted) ?? unknownName('target', wanted, targetNames)
  if (!(await targetFor(name, folder)).oneProcess)
    throw new PlatformError('INVALID_INPUT', `the target ${name} is many processes, which do not run in a terminal`, {
      hint: `learnflow up --target ${name}, or another folder with --data DIR.`,
    })
  const code = await serve(config, async url => {
    if (json) printData({ url })
    else if (greet) printLines(await greeting(config, url))
  })
  process.exit(code)
}

/** Text that is not a number becomes NaN, which the settings refuse by name. */
const numberOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN)

async function greeting(config: Config, url: string): Promise<string[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  const shown = folder.startsWith(`${homedir()}/`) ? `~${folder.slice(homedir().length)}` : folder
  const first = `LearnFlow ${version} is ready at ${url}, its data in ${shown}. Ctrl-C stops it.`
  if (hasProvider(config)) return [first]
  const [start, program] = ['bin/start.mjs', 'examples/square.py'].map(path =>
    relative(process.cwd(), join(root, path)),
  )
  const data = folder === readConfig().LEARNFLOW_DATA_DIR ? '' : ` --data '${folder}'`
  return [
    first,
    `A token for ${firstStudent}, good for 8 hours:`,
    await ownToken(config, { student: firstStudent }),
    ...(config.LEARNFLOW_EXERCISES === undefined
      ? [
          'Now hand in a program, from another terminal in this folder:',
          `node ${start} learnflow submit ${program} --exercise square${data}`,
        ]
      : ['The exercises, from another terminal in this folder:', `node ${start} learnflow exercises${data}`]),
  ]
}

interface RoleOptions {
  /**
   * Which process of the data folder's platform this is; without it the settings give the addresses of the engines and
   * the sidecar.
   */
  as?: string
  data?: string
  json?: boolean
}

/** One agent as a process of its own; not possible when the agents run inside the platform. */
export async function workerCommand(name: string, { as, data, json }: RoleOptions): Promise<void> {
  if (!agentNames.some(agent => agent === name)) unknownName('agent', name, agentNames)
  const config = await engineConfig({}, data, as)
  if (config.LEARNFLOW_DRIVERS === 'embedded')
    throw new PlatformError(
      'AGENT_ABSENT',
      `on the embedded target the agent ${name} runs inside the platform, not as a process of its own`,
      {
        hint: 'learnflow up',
      },
    )
  process.exit(await serveRole({ agent: name }, config, () => print({ agent: name }, `${name} works`, json)))
}

/** The API as a process of its own. */
export async function apiCommand({ port, as, data, json }: RoleOptions & { port?: string }): Promise<void> {
  const config = await engineConfig(port === undefined ? {} : { LEARNFLOW_HTTP_PORT: numberOf(port) }, data, as)
  if (config.LEARNFLOW_DRIVERS === 'embedded')
    throw new PlatformError('INVALID_INPUT', 'on the embedded target the API runs inside the platform', {
      hint: 'learnflow up',
    })
  process.exit(await serveRole('api', config, ({ url = '' }) => print({ url }, `the API answers at ${url}`, json)))
}

/** Migrates the history and makes the topics on shared engines, as a job of its own. */
export async function migrateCommand({ data, json }: RoleOptions): Promise<void> {
  const config = await engineConfig({}, data, undefined)
  if (config.LEARNFLOW_DRIVERS === 'embedded')
    throw new PlatformError('INVALID_INPUT', 'the embedded platform migrates when it starts', { hint: 'learnflow up' })
  const done = await prepareOnce(config)
  if (done === undefined) process.exit(1)
  const { applied, topics } = done
  const line = `${counted(applied.length, 'migration')} applied, ${counted(topics.length, 'topic')} made`
  print({ applied, topics }, line, json)
  process.exit(0)
}

async function engineConfig(
  flags: Partial<Config>,
  data: string | undefined,
  member: string | undefined,
): Promise<Config> {
  const config = readConfig({ ...flags, ...(data === undefined ? {} : { LEARNFLOW_DATA_DIR: data }) })
  if (member !== undefined) return instanceConfig(config, await demandTopology(config.LEARNFLOW_DATA_DIR), member)
  return (await targetOf(config.LEARNFLOW_DATA_DIR)).settings(config)
}

function print(data: object, line: string, json = false): void {
  if (json) printData(data)
  else printLines([line])
}
