import type { Api } from './module.ts'

/** Grows linear memory to its cap by asking for all of it once, since memory that has grown cannot shrink; restoring the copy gives it back to the allocator. */
export function claim({ c, module }: Api, megabytes: number): void {
  const bytes = megabytes * 2 ** 20
  const margin = 2 ** 17
  if (bytes - c('_sbrk', 0) > margin) c('_malloc', bytes - c('_sbrk', 0) - margin)
  if (module.HEAPU8.length < bytes - 2 ** 20) throw new Error(`linear memory grew to ${module.HEAPU8.length} bytes only`)
}

export interface KeptMemory {
  restore(): void
  /** The program break: bytes of linear memory that are or were in use. */
  top(): number
}

/** The copy to return to (tried: 3 ms for 25 MB). Above the program break nothing was ever written, so only what a run added there has to be cleared. */
export function keepMemory({ c, module }: Api): KeptMemory {
  const top = (): number => c('_sbrk', 0)
  const stack = module.stackSave()
  const end = top()
  const copy = module.HEAPU8.slice(0, end)
  return {
    top,
    restore() {
      module.stackRestore(stack)
      const reached = top()
      module.HEAPU8.set(copy)
      if (reached > end) module.HEAPU8.fill(0, end, reached)
    },
  }
}
