import { note } from './note.ts'
import { type Detector, equal, isNumber } from './call-comparison.ts'

export const byOne: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const difference = Number(got.value) - Number(expected.value)
  if (difference === 1) return note('value-one-too-large')
  return difference === -1 ? note('value-one-too-small') : undefined
}

export const sign: Detector = ({ got, expected }) =>
  isNumber(got) && isNumber(expected) && Number(got.value) === -Number(expected.value) ? note('value-sign') : undefined

/** The difference is too small for a different formula and too large for an equal value. */
export const rounding: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const [one, other] = [Number(got.value), Number(expected.value)]
  return one !== other && Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(other))
    ? note('value-rounding')
    : undefined
}

export const factor: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const [one, other] = [Number(got.value), Number(expected.value)]
  if (one === 0 || other === 0) return undefined
  const times = [10, 60, 100, 1_000, 3_600].find(
    by => equal({ kind: 'float', value: one / by }, expected) || equal({ kind: 'float', value: one * by }, expected),
  )
  return times === undefined
    ? undefined
    : note(Math.abs(one) > Math.abs(other) ? 'value-times-too-large' : 'value-times-too-small', { times })
}

export const fraction: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const [one, other] = [Number(got.value), Number(expected.value)]
  if (!Number.isInteger(one) && one !== other && (Math.floor(one) === other || Math.round(one) === other))
    return note('value-fraction-kept')
  return Number.isInteger(one) && !Number.isInteger(other) && (Math.floor(other) === one || Math.round(other) === one)
    ? note('value-fraction-lost')
    : undefined
}
