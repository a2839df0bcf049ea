import { expect, test } from 'vitest'
import type { VerifyResult } from '../../verify/run.ts'
import { countedVerification } from './counts.ts'

const result = (parts: Partial<VerifyResult>): VerifyResult => ({
  lines: [],
  passed: 0,
  failed: 0,
  skipped: 0,
  failures: [],
  late: 0,
  ok: true,
  total: '',
  ...parts,
})
const counts = async (parts: Partial<VerifyResult>) => countedVerification('the run', async () => result(parts))

test('what passed counts; what is only late passes', async () => {
  expect(await counts({ passed: 2 })).toEqual({ passed: 2, skipped: 0, failures: [] })
  expect(await counts({ passed: 15, skipped: 1 })).toEqual({ passed: 15, skipped: 1, failures: [] })
  expect(await counts({ passed: 1, failed: 1, late: 1, ok: false })).toEqual({ passed: 2, skipped: 0, failures: [] })
})

test('what failed or was missed is told, beside what is late too', async () => {
  const fail = 'FAIL   grading.right: 0 of 1'
  expect(await counts({ passed: 1, failed: 2, late: 1, failures: [fail], ok: false })).toEqual({
    passed: 2,
    skipped: 0,
    failures: [fail],
  })
})

test('a verification that ends with an error broke off', async () => {
  const broken = async (): Promise<VerifyResult> => Promise.reject(new Error('no platform'))
  expect((await countedVerification('the run', broken)).failures).toEqual([
    'the run did not come to an end: Error: no platform',
  ])
})
