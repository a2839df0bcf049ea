import { expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import { tellingLines } from '../debug/leaks.ts'
import { openBank } from '../exercise/bank.ts'
import type { Brief } from './brief.ts'
import { checkWording } from './check.ts'

const sandbox = await sharedSandbox()
const bank = await openBank()
const hint = 'Look at line 2 again: what does it hold after the first step?'
const names =
  /\b(?!(?:and|or|not|in|is|if|else|elif|for|while|return|yield|def|class|try|except|finally|raise|with|as|import|from|pass|break|continue|lambda|None|True|False|print|range|len)\b)[a-z_]\w*\b/gu

/** Ways to tell a line of a solution. */
const ways: Record<string, (line: string) => string> = {
  'in prose': line => `Write ${line} there.`,
  'as code': line => `Write \`${line}\` there.`,
  'a word a line': line => `Write ${line.split(' ').join('\n')} there.`,
  'with other names': line => `Write \`${line.replaceAll(names, name => `q_${name.length}${name[0]}`)}\` there.`,
}
for (const [way, tell] of Object.entries(ways))
  test(`no line of any solution of the bank gets into a hint ${way}`, async () => {
    const told: string[] = []
    let lines = 0
    for (const { id, reference, alternatives } of bank.list()) {
      const brief: Brief = {
        text: hint,
        facts: null,
        message: 'why is it wrong?',
        code: null,
        ownPrograms: false,
        level: 2,
        solutions: [reference, ...alternatives],
      }
      const trial = { sandbox, owner: 'ann', signal: AbortSignal.timeout(60_000) }
      expect(await checkWording(hint, brief, 'mark', trial), id).toBeUndefined()
      for (const line of tellingLines([reference]).map(text => text.replace(/#.*/u, '').trim())) {
        if (line === '') continue
        lines += 1
        if ((await checkWording(`${hint} ${tell(line)}`, brief, 'mark', trial)) === undefined)
          told.push(`${id}: ${line}`)
      }
    }
    expect(told).toEqual([])
    expect(lines).toBeGreaterThan(300)
  })
