/** The files of a new agent, and the places in a source tree that have to know it. */
export interface AgentTemplate {
  files: Readonly<Record<string, string>>
  /** `text` goes right before the first match of `before`, which has to be in the file. */
  inserts: readonly { file: string; before: RegExp; text: string }[]
}

const capital = (word: string): string => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`

/** An agent `name` (lower case letters) that answers each grade with an event of its own. */
export function agentTemplate(name: string): AgentTemplate {
  const event = `${name}Noted`
  return {
    files: {
      [`agents/${name}/agent.ts`]: agentSource(name, event),
      [`agents/${name}/agent.test.ts`]: testSource(name),
    },
    inserts: [
      { file: 'schemas/words.ts', before: /(?<=\nconst agents = \{\n[^}]*)\} as const/, text: `  ${name}: 'built',\n` },
      {
        file: 'schemas/events.ts',
        before: /$/,
        text: `\n/** What the agent ${name} has to say of a grade. */\nexport const ${event} = cloudEvent('${name}.noted', z.object({ submission_id: z.uuid(), note: text(1, 1_000) }))\n`,
      },
      {
        file: 'host/assemble.ts',
        before: /import \{ startWorker/,
        text: `import { ${name} } from '../agents/${name}/agent.ts'\n`,
      },
      {
        file: 'host/assemble.ts',
        before: /(?<=const agents: readonly AgentDefinition\[\] = \[[^\]]*)\]/,
        text: `, ${name}`,
      },
    ],
  }
}

const agentSource = (name: string, event: string): string => `import { ${event} } from '../../schemas/events.ts'
import { defineAgent } from '../agent.ts'

/** Answers each grade with a note. Its handler is the place for what the agent ${name} is there for. */
export const ${name} = defineAgent({
  name: '${name}',
  concurrency: 4,
  consumes: {
    'submission.graded': async ({ subject, data, traceparent }) => {
      const note = \`\${data.verdict} \${data.exercise_id}, attempt \${data.attempt}\`
      const key = [data.submission_id, data.exercise_version]
      return { events: [${event}.of(subject, { submission_id: data.submission_id, note }, { key, source: '/agents/${name}', traceparent })] }
    },
  },
})
`

const testSource = (name: string): string => `import { expect, test } from 'vitest'
import { partitionOf } from '../../schemas/partitioner.ts'
import { learningEvents } from '../../schemas/topics.ts'
import { grader, openStage, passed } from '../test-stage.ts'
import { ${name} } from './agent.ts'

test('${capital(name)} answers a grade with one note about it', async () => {
  await using stage = await openStage()
  stage.relay()
  await stage.work(grader(async event => passed(event)))
  await stage.work(${name})
  const submission_id = await stage.submit('ann')
  const notes = async () => {
    const records = await stage.log.read(learningEvents.name, partitionOf('ann', learningEvents.partitions), '0', 100)
    return records.map(({ value }) => JSON.parse(value) as { type: string }).filter(({ type }) => type === '${name}.noted')
  }
  await expect.poll(notes, { timeout: 10_000 }).toMatchObject([{ subject: 'ann', data: { submission_id, note: 'passed square, attempt 1' } }])
})
`
