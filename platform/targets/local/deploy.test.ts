import { expect, test } from 'vitest'
import { otherOrders } from './deploy.ts'

const program = { name: 'daprd-api-1', command: 'daprd', folder: '/', args: ['--app-port', '3000', '--log', 'warn'] }

test.each([
  [{ args: program.args, env: { BROKERS: 'a' } }, []],
  [{ args: ['--app-port', '9', '--log', 'warn'], env: { BROKERS: 'a' } }, ['--app-port']],
  [{ args: [...program.args, '--fast'], env: { BROKERS: 'a' } }, ['--fast']],
  [{ args: program.args, env: { BROKERS: 'b', SIZE: '1' } }, ['BROKERS', 'SIZE']],
  [undefined, []],
])('a program that was started with %j differs in %j', async (order, differs) => {
  const found = await otherOrders([{ ...program, env: { BROKERS: 'a' } }], { order: async () => order })
  expect(found).toEqual(differs.length === 0 ? [] : [{ name: 'daprd-api-1', differs }])
})
