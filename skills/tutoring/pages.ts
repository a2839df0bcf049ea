/** What the API gives at most at once. */
const pageSize = 100

/** One page of a list of the API; `next` is the cursor of what follows. */
interface Page<Row> {
  rows: readonly Row[]
  next: string | null
}

/** Up to `max` rows of a list of the API, page by page; `next` is null when there are no others. */
export async function rowsOf<Row>(
  max: number,
  ask: (query: Record<string, string>) => Promise<Page<Row>>,
): Promise<{ rows: Row[]; next: string | null }> {
  const rows: Row[] = []
  for (let cursor: string | null = null; ;) {
    const limit = String(Math.min(pageSize, max - rows.length))
    const page: Page<Row> = await ask({ limit, ...(cursor === null ? {} : { cursor }) })
    rows.push(...page.rows)
    cursor = page.next
    if (cursor === null || rows.length >= max) return { rows, next: cursor }
  }
}
