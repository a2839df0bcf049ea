/** Starts the tasks in order, `width` at a time. */
export async function inParallel(tasks: readonly (() => Promise<void>)[], width: number): Promise<void> {
  const queue = [...tasks]
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next()
  }
  await Promise.all(Array.from({ length: width }, lane))
}
