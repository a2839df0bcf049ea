import { expect, test } from 'vitest'
import { newCommand, runCommand } from './usage.ts'

/** What a command with one text, a value flag and a switch is given by these arguments. */
async function given(...argv: string[]): Promise<unknown> {
  let found: unknown
  const command = newCommand('ask')
    .argument('<message>')
    .option('--code <file>')
    .option('-j, --json')
    .action((message: string, options: object) => void (found = { message, ...options }))
  await runCommand(command, argv)
  const failed = process.exitCode
  process.exitCode = undefined
  return failed === undefined ? found : `exit ${failed}`
}

test('a text that begins with a dash is a text, before and behind flags', async () => {
  expect(await given('-5 + 3 gives 2?')).toEqual({ message: '-5 + 3 gives 2?' })
  expect(await given('-5', '--json')).toEqual({ message: '-5', json: true })
  expect(await given('--code', '-x y.py', '-- what is this?')).toEqual({ message: '-- what is this?', code: '-x y.py' })
  expect(await given('- item one\n- item two', '--code=a b.py')).toEqual({
    message: '- item one\n- item two',
    code: 'a b.py',
  })
  expect(await given('--', '--json')).toEqual({ message: '--json' })
})

test('a flag that is misspelt is still refused', async () => {
  expect(await given('hello', '--jsno')).toBe('exit 3')
  expect(await given('--cod', 'x')).toBe('exit 3')
})
