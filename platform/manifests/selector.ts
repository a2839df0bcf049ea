import * as z from 'zod'

type Labels = Readonly<Record<string, string>>

export const LabelSelector = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).default([]),
      }),
    )
    .default([]),
})

/** Whether labels satisfy a selector of Kubernetes; one that is not of its shape selects nothing. */
export function selects(selector: unknown, labels: Labels): boolean {
  const read = LabelSelector.safeParse(selector)
  if (!read.success) return false
  const { matchLabels, matchExpressions } = read.data
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      const value = labels[key]
      if (operator === 'Exists') return value !== undefined
      if (operator === 'DoesNotExist') return value === undefined
      return (value !== undefined && values.includes(value)) === (operator === 'In')
    })
  )
}

/** The same for a selector as text, `a=b,c!=d`, which kustomize takes. */
export const selectsByText = (text: string, labels: Labels): boolean =>
  text.split(',').every(part => {
    const [, key = '', not = '', value = ''] = /^([^!=]+)(!?)=(.*)$/.exec(part.trim()) ?? []
    return (labels[key] === value) === (not === '')
  })
