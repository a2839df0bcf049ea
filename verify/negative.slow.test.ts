import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFaulty } from './fault.ts'
import { faultGroups, faults } from './faults/all.ts'
import type { Fault } from './faults/fault.ts'
import { prepareFolder } from './negative.ts'
import { runCheck, selectChecks } from './run.ts'
import { temporaryFolder } from './test-platform.ts'

const stack = new AsyncDisposableStack()
let template = ''
beforeAll(async () => {
  template = join(stack.use(await temporaryFolder()).path, 'template')
  await prepareFolder(template)
})
afterAll(async () => stack.disposeAsync())

/** Nothing can be measured under these, so they are done last. */
const isLast = (name: keyof typeof faults): boolean => (faults[name] as Fault).signal !== undefined

test.each(faultGroups.flatMap(names => names.map(name => [name, names] as const)))(
  'what must notice %s passes under the faults that share its platform',
  async (name, names) => {
    const checks = (await selectChecks([])).filter(({ fault }) => fault === name)
    const others = names.filter(other => other !== name && !isLast(other))
    await using platform = await startFaulty(others, template)
    const lines = []
    for (const check of checks) lines.push(await runCheck(check, platform.probe))
    expect(lines).toEqual(checks.map(({ id }) => expect.objectContaining({ id, ok: true })))
  },
)
