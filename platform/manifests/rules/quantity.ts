const units: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  T: 1e12,
  Ti: 1024 ** 4,
}

/** A quantity of Kubernetes as a number; NaN when it is none. */
export function quantity(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)(\w*)$/.exec(text) ?? []
  return Number(digits) * (units[unit] ?? Number.NaN)
}
