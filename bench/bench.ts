/** What a benchmark measured: figures by name, with the unit in the name, and whether every promise was kept. */
export interface BenchResult {
  figures: Record<string, number>
  ok: boolean
  /**
   * Its section of a page, in Markdown; `measured` is the line with time and machine. Without it the section lists the
   * figures.
   */
  section?: (measured: string) => string
}

/**
 * One benchmark. `run` reports what it is doing on `progress`; `quick` makes it small enough for a test; `submissions`
 * sets their number where it can be chosen.
 */
export interface Bench {
  about: string
  run(progress: (line: string) => void, quick: boolean, submissions?: number): Promise<BenchResult>
}

/** The value below which the share `q` (0-1) of the values lies; NaN when there are none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

/** Rounded to one decimal. */
export const tenth = (value: number): number => Math.round(value * 10) / 10
