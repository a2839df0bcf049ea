/** What a benchmark found: figures by name, with the unit in the name, and whether every promise among them held. */
export interface BenchResult {
  figures: Record<string, number>
  ok: boolean
  /** Its section of a page, in Markdown; `measured` says when and where. Without it the figures are the section. */
  section?: (measured: string) => string
}

/** One benchmark. `run` says on `progress` what it is doing; `quick` makes it small enough for a test; `submissions` is how many, where that can be chosen. */
export interface Bench {
  about: string
  run(progress: (line: string) => void, quick: boolean, submissions?: number): Promise<BenchResult>
}

/** The value below which the share `q` (0-1) of the values lies; NaN without any. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

/** Rounded to one decimal. */
export const tenth = (value: number): number => Math.round(value * 10) / 10
