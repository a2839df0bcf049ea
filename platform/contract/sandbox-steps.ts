import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call, CallResult, Sandbox } from '../ports/sandbox.ts'
import type { Open } from './sandbox.ts'

const account = `from random import randint
total = 0
names = ['own']
class Account:
    def __init__(self): self.open = False
    def pay(self, amount):
        global total
        if not self.open: raise ValueError('closed', 7)
        print('paid', amount)
        total += amount
        return total
def roll(): return randint(1, 6)
list = names
`

/** What every sandbox holds of tests of several steps. */
export function stepsContract(driver: string, open: Open): void {
  describe(`${driver}: a test of several steps`, () => {
    let sandbox: Sandbox
    beforeAll(async () => (sandbox = await open({ processes: 1 })))
    afterAll(async () => sandbox[Symbol.asyncDispose]())
    const perform = async (calls: Call[], code = account): Promise<CallResult[]> =>
      (await sandbox.run({ code, calls, moduleName: 'bank', definedNames: ['Account', 'total', 'roll'] })).calls

    test('goes on after an exception, and tells what each step gave, printed and raised', async () => {
      const steps = [
        { do: 'import bank\nmine = bank.Account()' },
        { call: 'mine.pay(3)' },
        { do: 'mine.open = True' },
        { call: 'mine.pay(4)' },
        { call: '[total, bank.total]' },
      ]
      const [result] = await perform([{ steps }])
      expect(result).toMatchObject({
        ended: 'ok',
        steps: [
          { ended: 'ok', stdout: '' },
          { ended: 'raised', error: { type: 'ValueError', argument: 'closed', line: 8 } },
          { ended: 'ok' },
          { value: { kind: 'int', value: 4n }, stdout: 'paid 4\n' },
          { value: { items: [{ value: 4n }, { value: 4n }] }, stdout: '' },
        ],
      })
    })

    test('has variables and helpers of its own, and Python is to it what it was before the program', async () => {
      const code = `${account}import builtins\nbuiltins.len = builtins.all = lambda *_: 9\n`
      const before = ['names = [1, 2]\ndef count(): return len(list(names))']
      const steps = [{ call: '[count(), all([0])]' }, { call: 'names' }]
      const [first, second] = await perform([{ before, steps }, { steps: [{ call: 'names' }] }], code)
      expect(first?.steps).toMatchObject([
        { value: { items: [{ value: 2n }, { value: false }] } },
        { value: { items: [{ value: 1n }, { value: 2n }] } },
      ])
      expect(second?.steps).toMatchObject([{ value: { items: [{ value: 'own' }] } }])
    })

    test('looks at a result by an expression; one that it does not fit is told as it is', async () => {
      const steps = [
        { call: "__import__('datetime').date(2026, 1, 2)", by: 'result.isoformat()' },
        { call: 'None', by: 'result.isoformat()' },
      ]
      const [result] = await perform([{ steps }])
      expect(result?.steps).toMatchObject([{ value: { value: '2026-01-02' } }, { value: { kind: 'none' } }])
    })

    test('that does not compile is told apart from what the program does', async () => {
      const [result] = await perform([{ steps: [{ do: 'x = (' }] }])
      expect(result).toMatchObject({ ended: 'raised', invalidCall: true })
    })
  })
}
