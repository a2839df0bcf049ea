import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { validate } from 'skills-ref'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { scriptCommand } from './command.ts'
import { loadScript, scriptIds, skillNames } from './registry.ts'

const here = import.meta.dirname

test('every skill is valid, its name and description cost at most 48 tokens and its body 150', async () => {
  for (const skill of skillNames()) {
    expect(await validate(join(here, skill)), skill).toEqual([])
    const [, front = '', body = ''] = (await readFile(join(here, skill, 'SKILL.md'), 'utf8')).split('---\n')
    const { name, description } = parse(front) as { name: string; description: string }
    expect(
      countTokens(`${name}: ${description}`),
      `${skill}: ${countTokens(`${name}: ${description}`)}`,
    ).toBeLessThanOrEqual(48)
    expect(countTokens(body.trim()), `${skill}: body ${countTokens(body.trim())}`).toBeLessThanOrEqual(150)
  }
})

test('the help of every script costs at most 150 tokens', async () => {
  const costs = await Promise.all(
    scriptIds().map(async id => [id, countTokens(scriptCommand(id, await loadScript(id)).helpInformation())] as const),
  )
  expect(costs.filter(([, tokens]) => tokens > 150)).toEqual([])
})
