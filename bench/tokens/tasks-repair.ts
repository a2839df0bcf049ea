import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { grades, type Place } from './place.ts'
import { submitPlainly } from './tasks-operate.ts'
import { dataRepairs } from './tasks-repair-data.ts'
import { diagnose, diagnosis } from './diagnose.ts'
import type { OurWorld, PlainWorld, Task } from './task.ts'

const kill = (pid: number | undefined, signal: NodeJS.Signals): void =>
  void (pid === undefined || process.kill(pid, signal))

/** Finds the process that serves the folder, as a person would look for it. */
const lookFor = async ({ terminal, place, terse }: PlainWorld): Promise<string> =>
  terminal.run(['pgrep', terse ? '-f' : '-af', `serve --data ${place.data}`])

async function startPlainly(world: PlainWorld): Promise<void> {
  const { place, terminal, terse } = world
  const { url } = await place.start()
  terminal.typed(`nohup npm start -- --data ${place.data} > platform.out &`)
  await terminal.run(terse ? ['curl', '-s', `${url}/health/ready`] : ['curl', '-i', `${url}/health/ready`])
  await submitPlainly(world, url)
}

const health = async ({ terminal, terse, place }: PlainWorld, url = `http://127.0.0.1:${place.port}`): Promise<void> =>
  void (await terminal.run(['curl', ...(terse ? ['-sS'] : ['-v']), '-m', '3', `${url}/health/ready`]))

const working = { holds: async ({ place }: { place: Place }) => grades(place) }

const killed: Task = {
  id: 'killed',
  title: 'repair: the platform and its supervisor were killed',
  ours: {
    ...working,
    async given({ place }) {
      await place.up()
      const { platform, watcher } = await place.pids()
      kill(watcher, 'SIGKILL')
      kill(platform, 'SIGKILL')
      await sleep(200)
    },
    async run({ agent }) {
      await diagnose(agent)
      await agent.change('platform-up/up')
      await agent.read(diagnosis)
    },
  },
  plain: {
    ...working,
    async given({ place }) {
      kill((await place.start()).pid, 'SIGKILL')
      await sleep(200)
    },
    async run(world) {
      await health(world)
      await lookFor(world)
      await startPlainly(world)
    },
  },
}

const hung: Task = {
  id: 'hung',
  title: 'repair: the platform hangs',
  ours: {
    ...working,
    async given({ place }) {
      await place.up()
      kill((await place.pids()).platform, 'SIGSTOP')
    },
    async run({ agent }) {
      await diagnose(agent)
      await agent.change('platform-up/down')
      await agent.change('platform-up/up')
      await agent.read(diagnosis)
    },
  },
  plain: {
    ...working,
    async given({ place }) {
      kill((await place.start()).pid, 'SIGSTOP')
    },
    async run(world) {
      await health(world, (await world.place.probe()).url)
      const pid = /^\d+/.exec(await lookFor(world))?.[0] ?? ''
      await world.terminal.run(['ps', '-o', 'pid,stat,etime,cmd', '-p', pid])
      await world.terminal.run(['kill', '-9', pid])
      await startPlainly(world)
    },
  },
}

const portTaken: Task = {
  id: 'port-taken',
  title: 'repair: another program has the port',
  ours: {
    ...working,
    given: async ({ place }) => place.occupy(),
    async run({ agent }) {
      await diagnose(agent)
      await agent.change('platform-up/up', { port: 0 })
      await agent.read(diagnosis)
    },
  },
  plain: {
    ...working,
    given: async ({ place }) => place.occupy(),
    async run(world) {
      const { terminal, place, terse } = world
      await terminal.run(['npm start', '--', '--data', place.data], { cwd: place.folder })
      await terminal.run(terse ? ['ss', '-Hltn', `sport = :${place.port}`] : ['ss', '-ltnp', `sport = :${place.port}`])
      await startPlainly(world)
    },
  },
}

const wrongSettings = (place: Place): string => `http_port: ${place.port}\nsandbox_processes: two\n`
const rightSettings = (place: Place): string => `http_port: ${place.port}\nsandbox_processes: 1\n`

const settings: Task = {
  id: 'settings',
  title: 'repair: a setting is wrong',
  ours: {
    ...working,
    given: async ({ place }) => writeFile(place.settings, wrongSettings(place)),
    async run({ agent, terminal, place }) {
      await agent.call('find', {})
      await agent.change('platform-up/up')
      await repair(terminal, place)
      await agent.change('platform-up/up')
      await agent.read(diagnosis)
    },
  },
  plain: {
    ...working,
    given: async ({ place }) => writeFile(place.settings, wrongSettings(place)),
    async run(world) {
      await world.terminal.run(['npm start', '--', '--data', world.place.data], { cwd: world.place.folder })
      await repair(world.terminal, world.place)
      await startPlainly(world)
    },
  },
}

/** Reading and writing the file costs the same on both routes. */
async function repair(terminal: OurWorld['terminal'], place: Place): Promise<void> {
  await terminal.run(['cat', 'learnflow.yaml'], { cwd: place.folder })
  await terminal.run(['tee', 'learnflow.yaml'], {
    cwd: place.folder,
    stdin: rightSettings(place).trimEnd(),
    pipe: ['tail', '-n', '0'],
  })
}

/** Faults of all kinds, each repaired through the skills and measured afterwards. */
export const repairs: readonly Task[] = [killed, hung, portTaken, settings, ...dataRepairs]
