/**
 * A sleep that ends at `notify` or after `maxMs`, whichever comes first; a `notify` while nobody sleeps makes the next
 * sleep end at once.
 */
export function wakeableSleep(maxMs: number): { wait(): Promise<void>; notify(): void } {
  let woken = false
  let end: (() => void) | undefined
  return {
    async wait() {
      if (!woken)
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, maxMs)
          end = () => (clearTimeout(timer), resolve())
        })
      woken = false
      end = undefined
    },
    notify() {
      woken = true
      end?.()
    },
  }
}
