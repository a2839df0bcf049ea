import { expect, test } from 'vitest'
import { openConfirmations, type Planned } from './confirm.ts'

const planned: Planned = { op: 'demo/erase', args: { a: 1, b: [{ c: 2, d: 3 }] }, plan: ['erase x'], changed: 1 }

test('a confirmation is good for its plan, in whatever order the arguments come, and once', () => {
  const { issue, redeem } = openConfirmations()
  const token = issue(planned)
  redeem(token, { ...planned, args: { b: [{ d: 3, c: 2 }], a: 1 } })
  expect(() => redeem(token, planned)).toThrow(/no longer/)
})

test.each([
  ['another operation', { op: 'demo/other' }],
  ['other arguments', { args: { a: 2, b: [{ c: 2, d: 3 }] } }],
  ['one argument less', { args: { a: 1 } }],
  ['another plan', { plan: ['erase x', 'erase y'] }],
  ['another count', { changed: 2 }],
])('a confirmation is not good for %s', (_, other) => {
  const { issue, redeem } = openConfirmations()
  expect(() => redeem(issue(planned), { ...planned, ...other })).toThrow(/no longer/)
})

test('a confirmation is not good after ten minutes, nor from another server, nor changed', () => {
  let now = 1_000_000
  const { issue, redeem } = openConfirmations(() => now)
  const token = issue(planned)
  now += 10 * 60_000 + 1
  expect(() => redeem(token, planned)).toThrow(/no longer/)
  const fresh = issue(planned)
  expect(() => openConfirmations(() => now).redeem(fresh, planned)).toThrow(/no longer/)
  const later = `${(Number.parseInt(fresh.split('.')[0] ?? '', 36) + 60).toString(36)}.${fresh.split('.')[1]}`
  for (const forged of [
    later,
    `${fresh}.`,
    ` ${fresh}`,
    fresh.toUpperCase(),
    '',
    '.',
    'zz',
    `${fresh}x`,
    fresh.slice(0, -1),
    fresh.replace('.', '.é'),
  ])
    expect(() => redeem(forged, planned), forged).toThrow(/no longer/)
  redeem(fresh, planned)
})
