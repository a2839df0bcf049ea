import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseInput } from '../skills/definition.ts'
import { skillNames } from '../skills/registry.ts'
import { advised } from './advice.ts'
import { openCatalogue, skillsFolder } from './catalog.ts'

const catalogue = openCatalogue()

test.each([
  ['learnflow up', 'change platform-up/up'],
  ['learnflow up --port 0 takes a free one.', 'change platform-up/up {"port":0} takes a free one.'],
  ['learnflow down, then learnflow up', 'change platform-up/down, then change platform-up/up'],
  ['learnflow status lists the agents that run.', 'read platform-up/status lists the agents that run.'],
  ['learnflow tutoring-agents deploy triage', 'change tutoring-agents/deploy {"name":"triage"}'],
  ['learnflow tutoring-agents scale debug --lanes 16', 'change tutoring-agents/scale {"name":"debug","lanes":16}'],
  ['learnflow logs --grep relay; then wait', 'read incident-triage/logs {"grep":"relay"}; then wait'],
  ['learnflow logs --grep "published again"', 'read incident-triage/logs {"grep":"published again"}'],
  ['learnflow down --purge --dry-run shows it', 'change platform-up/purge with dry_run shows it'],
  ['learnflow exercises show square shows it.', 'read tutoring/exercise {"id":"square"} shows it.'],
  ['learnflow history adopt --help', 'find history/adopt'],
  [
    'learnflow history restore NAME --to DIR; learnflow verify',
    'change history/restore {"name":"NAME","to":"DIR"}; change platform-verify/all',
  ],
  ['1. `learnflow settings show lease_seconds` one.', '1. `read settings/show {"name":"lease_seconds"}` one.'],
  [
    'learnflow token --student ann --role teacher --classes 4a',
    'change access/token {"student":"ann","role":"teacher","classes":["4a"]}',
  ],
  ['It is learnflow kafka-topics list.', 'It is read kafka-topics/list.'],
])('%s', async (typed, called) => {
  expect(await advised(catalogue, typed, false)).toBe(called)
})

test('what no tool has stays a command', async () => {
  for (const text of [
    'learnflow tutor check FOLDER',
    'learnflow up --target local --data DIR',
    'learnflow install',
    'no platform: learnflow-worker',
    'learnflow',
  ])
    expect(await advised(catalogue, text, false)).toBe(text)
  expect(await advised(catalogue, 'learnflow up; learnflow status', true)).toBe('learnflow up; read platform-up/status')
})

test('every command of every skill that an operation has is given as a call that its schema takes', async () => {
  const left: string[] = []
  for (const skill of skillNames()) {
    const body = readFileSync(join(skillsFolder, skill, 'SKILL.md'), 'utf8').split('---\n')[2] ?? ''
    const said = await advised(catalogue, body, false)
    left.push(...[...said.matchAll(/`(learnflow [^`]*)`/g)].map(([, text = '']) => text))
    for (const [, op = '', args = '{}'] of said.matchAll(
      /`(?:read|change) ([a-z-]+\/[a-z-]+)(?: (\{[^`]*\}))?[^`]*`/g,
    )) {
      const { script } = await catalogue.get(op)
      const given = JSON.parse(args) as Record<string, unknown>
      const taken = (): unknown => parseInput(op, script, given)
      // A placeholder stands for a value, so that only names are looked at then.
      if (/"[A-Z][A-Z_]+"/.test(args))
        expect(Object.keys(script.input.shape)).toEqual(expect.arrayContaining(Object.keys(given)))
      else if (args !== '{}') expect(taken, `${op} ${args}`).not.toThrow()
    }
  }
  expect(left).toEqual([])
})
