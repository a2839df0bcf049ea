/** A rest that ends at `wake` or after `longestMs`, whichever comes first; a `wake` while nobody rests makes the next rest end at once. */
export function dozer(longestMs: number): { doze(): Promise<void>; wake(): void } {
  let woken = false
  let end: (() => void) | undefined
  return {
    async doze() {
      if (!woken)
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, longestMs)
          end = () => (clearTimeout(timer), resolve())
        })
      woken = false
      end = undefined
    },
    wake() {
      woken = true
      end?.()
    },
  }
}
