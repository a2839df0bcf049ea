import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { scratch } from '../mcp-server/fixture/client.ts'
import { readConfig } from '../platform/config.ts'
import { codes } from '../platform/errors.ts'
import { openProbe } from '../verify/check.ts'
import { runScript, skillNames } from './registry.ts'

const place = scratch()
const config = readConfig({ LEARNFLOW_DATA_DIR: place.data, LEARNFLOW_HTTP_PORT: 0 }, {}, place.folder)
const env = { ...place.env, LEARNFLOW_DATA_DIR: place.data, LEARNFLOW_HTTP_PORT: '0', LEARNFLOW_SANDBOX_PROCESSES: '1' }
const run = async (words: string[]) =>
  execa(process.execPath, [join(import.meta.dirname, '..', 'bin', 'learnflow.ts'), ...words], {
    cwd: place.folder,
    env,
    extendEnv: false,
    reject: false,
  })

/** Replacements for placeholders, and for arguments that would take too long or write into this tree. */
const fillIn: Record<string, string> = {
  N: '20',
  TOPIC: 'learning.events',
  TEXT: 'Server',
  FILE: 'event.json',
  LIST: 'roster.csv',
  DIR: join(place.folder, 'restored'),
  PROGRAM: join(import.meta.dirname, '..', 'examples', 'square.py'),
  FOLDER: join(place.folder, 'own'),
  ID: 'own-square',
}
const helpOnly = [
  // Only while the platform is down.
  /^history adopt/,
  /^platform-verify (negative|diagnosis)/,
  /^bench/,
  /^tutoring-agents scaffold/,
  /^(?:kafka-deploy|postgres|redis-cluster|dapr-\w+) /,
  /^platform-up install-engines/,
  /^image build/,
  /--target local/,
  /--process/,
]
/** They exit with 1 or 4 when the machine is busy; this test only requires that they run. */
const measuring = /^(?:latency-verify|platform-verify|verify)/

/** A question whose agent is not deployed ends with 2. */
const exitsOf = (words: string): number[] =>
  measuring.test(words) ? [0, 1] : words.startsWith('ask ') ? [0, codes.AGENT_ABSENT.exit] : [0]

/** The commands in the instructions of a skill, each split into words. `same SKILL` continues the command before it. */
async function commandsOf(skill: string): Promise<string[][]> {
  const text = await readFile(join(import.meta.dirname, skill, 'SKILL.md'), 'utf8')
  const body = text.split('---\n')[2] ?? ''
  return [...body.matchAll(/`learnflow ([^`]+)`/g)].map(([, command = '']) =>
    Array.from(command.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, word = '']) => quoted ?? word.replaceAll("'", '')),
  )
}

beforeAll(async () => {
  expect((await run(['up', '--port', '0'])).exitCode).toBe(0)
  const own = fillIn['FOLDER'] ?? ''
  await cp(join(import.meta.dirname, '..', 'exercises', 'bank', 'square'), own, { recursive: true })
  const file = join(own, 'exercise.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^id: square$/m, 'id: own-square'))
  const probe = await openProbe(place.data, config)
  const client = probe.client({ student: 'ann' })
  const { request_id } = await client.submit('square', 'def square(n): return n * n', 'commands')
  await client.ended(request_id)
  fillIn['REQUEST_ID'] = request_id
  fillIn['NAME'] = ((await runScript('history/backup', {}, { config })).data as { name: string }).name
  await writeFile(join(place.folder, 'roster.csv'), 'student_id,name\nbob,Bob\n')
  fillIn['CODE'] = ((await runScript('rosters/invite', { class: 'c1' }, { config })).data as { code: string }).code
  const { records } = (await runScript('kafka-topics/read', { limit: 1, partition: 0 }, { config })).data as {
    records: { value: string }[]
  }
  await writeFile(join(place.folder, 'event.json'), records[0]?.value ?? (await anyEvent()))
  // Mastery is updated after the grade.
  await vi.waitFor(
    async () => runScript('state-store/get', { key: 'student:{ann}:mastery:latest:basics' }, { config }),
    { timeout: 60_000, interval: 100 },
  )
})
afterAll(async () => {
  await run(['down'])
  await run(['down', '--data', fillIn['DIR'] ?? ''])
  place.remove()
})

async function anyEvent(): Promise<string> {
  for (let partition = 1; partition < 12; partition += 1) {
    const { records } = (await runScript('kafka-topics/read', { limit: 1, partition }, { config })).data as {
      records: { value: string }[]
    }
    if (records[0] !== undefined) return records[0].value
  }
  throw new Error('no event is on the log')
}

test.each(skillNames().toSorted((one, other) => Number(one === 'platform-up') - Number(other === 'platform-up')))(
  'every command in the instructions of %s runs',
  async skill => {
    // Commands that stop the platform come last.
    const commands = (await commandsOf(skill)).toSorted(
      (one, other) => Number(one[0] === 'down') - Number(other[0] === 'down'),
    )
    expect(commands.length).toBeGreaterThan(1)
    for (const words of commands) {
      const filled = words.map(word => fillIn[word] ?? word)
      const help = helpOnly.some(pattern => pattern.test(words.join(' ')))
      const { exitCode = -1, stderr } = await run(help ? [...filled, '--help'] : filled)
      expect(help ? [0] : exitsOf(words.join(' ')), `learnflow ${filled.join(' ')}: ${stderr}`).toContain(exitCode)
    }
  },
)
