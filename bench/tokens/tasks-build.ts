import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { agentTemplate } from '../../skills/tutoring-agents/template.ts'
import { copyTree, root } from '../../verify/test-platform.ts'
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

export const scaffold: Task = {
  id: 'scaffold',
  title: 'scaffold an agent',
  ours: {
    async given({ place }) {
      const tree = join(place.folder, 'tree')
      await mkdir(tree)
      await copyTree(tree)
    },
    async run({ agent, place }) {
      await agent.call('find', {})
      await agent.call('find', { words: 'tutoring-agents/scaffold' })
      await agent.change('tutoring-agents/scaffold', { name, tree: join(place.folder, 'tree') })
    },
    holds: async ({ place }) =>
      Object.keys(agentTemplate(name).files).every(file => existsSync(join(place.folder, 'tree', file))),
  },
  plain: {
    async given({ place }) {
      const tree = join(place.folder, 'tree')
      await mkdir(tree)
      await copyTree(tree)
    },
    async run({ terminal, terse, place }) {
      const cwd = join(place.folder, 'tree')
      const { files, inserts } = agentTemplate(name)
      await terminal.run(['cat', 'agents/agent.ts', 'agents/progress/agent.ts'], { cwd })
      if (!terse) await terminal.run(['cat', 'agents/progress/agent.test.ts', 'agents/test-stage.ts'], { cwd })
      for (const file of new Set(inserts.map(insert => insert.file)))
        await terminal.run(terse ? ['grep', '-n', 'progress', file] : ['cat', file], { cwd })
      await terminal.run(['mkdir', '-p', `agents/${name}`], { cwd })
      for (const [file, text] of Object.entries(files))
        await terminal.run(['tee', file], { cwd, stdin: text, pipe: ['tail', '-n', '0'] })
    },
    holds: async ({ place }) =>
      Object.keys(agentTemplate(name).files).every(file => existsSync(join(place.folder, 'tree', file))),
  },
  note:
    'the plain route writes the same two files by hand, right at once; the lines that wire the agent in are ' +
    'not counted there',
}
