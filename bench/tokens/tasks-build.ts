import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyTree, root } from '../../verify/test-platform.ts'
import type { Place } from './place.ts'
import type { Task } from './task.ts'

const eventSources = ['schemas/events.ts', 'schemas/cloud-event.ts']
const generated = 'schemas/generated'

export const schemas: Task = {
  id: 'schemas',
  title: 'generate the schemas of the events and check them',
  ours: {
    async run({ agent, place }) {
      await agent.call('find', {})
      await agent.call('find', { words: 'event-schemas/generate' })
      await agent.change('event-schemas/generate', { to: join(place.folder, 'schemas') })
      await agent.read('event-schemas/check')
    },
    holds: async ({ place }) =>
      existsSync(join(place.folder, 'schemas', 'json-schema', 'events', 'submission.graded.json')),
  },
  plain: {
    async run({ terminal, terse }) {
      await terminal.run(['cat', ...eventSources], { cwd: root })
      await terminal.run(['ls', '-R', generated], { cwd: root })
      if (terse) return
      const files = [
        ...(await readFile(join(root, eventSources[0] ?? ''), 'utf8')).matchAll(/cloudEvent\(\s*'([a-z.]+)'/g),
      ].map(([, name]) => name)
      for (const name of files)
        await terminal.run(['cat', join(generated, 'json-schema', 'events', `${name}.json`)], { cwd: root })
    },
    holds: async () => false,
  },
  note:
    'no standard tool makes both formats: the plain route counts only what has to be read (the sources and the ' +
    'list of files; usual: also every JSON Schema), not what would be written, and proves nothing',
}

const name = 'mentor'
/** What a new agent consists of, and the lists that get a line for it. */
const files = [`agents/${name}/agent.ts`, `agents/${name}/agent.test.ts`]
const lists = ['schemas/words.ts', 'schemas/events.ts']

async function copyTo(place: Place, folder: string): Promise<string> {
  const tree = join(place.folder, folder)
  await mkdir(tree)
  await copyTree(tree)
  return tree
}

const isWritten = ({ folder }: Place): boolean => files.every(file => existsSync(join(folder, 'tree', file)))

export const scaffold: Task = {
  id: 'scaffold',
  title: 'scaffold an agent',
  ours: {
    given: async ({ place }) => void (await copyTo(place, 'tree')),
    async run({ agent, place }) {
      await agent.call('find', {})
      await agent.call('find', { words: 'tutoring-agents/scaffold' })
      await agent.change('tutoring-agents/scaffold', { name, tree: join(place.folder, 'tree') })
    },
    holds: async ({ place }) => isWritten(place),
  },
  plain: {
    // What is to be written is taken from what our command writes into another copy.
    async given({ place }) {
      await copyTo(place, 'tree')
      await place.operate('tutoring-agents', 'scaffold', name, '--tree', await copyTo(place, 'model'))
    },
    async run({ terminal, terse, place }) {
      const cwd = join(place.folder, 'tree')
      await terminal.run(['cat', 'agents/agent.ts', 'agents/progress/agent.ts'], { cwd })
      if (!terse) await terminal.run(['cat', 'agents/progress/agent.test.ts', 'agents/test-stage.ts'], { cwd })
      for (const file of lists) await terminal.run(terse ? ['grep', '-n', 'progress', file] : ['cat', file], { cwd })
      await terminal.run(['mkdir', '-p', `agents/${name}`], { cwd })
      for (const file of files) {
        const text = await readFile(join(place.folder, 'model', file), 'utf8')
        await terminal.run(['tee', file], { cwd, stdin: text, pipe: ['tail', '-n', '0'] })
      }
    },
    holds: async ({ place }) => isWritten(place),
  },
  note:
    'the plain route writes the same two files by hand, right at once; the lines that wire the agent in are ' +
    'not counted there',
}
