import type { Api } from './module.ts'

/**
 * Grows linear memory to its cap in one allocation, because grown memory cannot shrink; restoring the copy returns it
 * to the allocator.
 */
export function claim({ c, module }: Api, megabytes: number): void {
  const bytes = megabytes * 2 ** 20
  const margin = 2 ** 17
  if (bytes - c('_sbrk', 0) > margin) c('_malloc', bytes - c('_sbrk', 0) - margin)
  if (module.HEAPU8.length < bytes - 2 ** 20)
    throw new Error(`linear memory grew to ${module.HEAPU8.length} bytes only`)
}

export interface KeptMemory {
  restore(): void
  /** The program break: bytes of linear memory that are or were in use. */
  top(): number
}

/**
 * The copy to restore (measured: 2 ms for 25 MB, two fifths of which are the stack, all zeros). Nothing above the
 * program break was ever written, so only what a run added there has to be cleared.
 */
export function keepMemory({ c, module }: Api): KeptMemory {
  const top = (): number => c('_sbrk', 0)
  const stack = module.stackSave()
  const end = top()
  const kept = stretchesOf(module.HEAPU8.subarray(0, end))
  return {
    top,
    restore() {
      module.stackRestore(stack)
      const reached = top()
      for (const { from, to, copy } of kept) {
        if (copy === undefined) module.HEAPU8.fill(0, from, to)
        else module.HEAPU8.set(copy, from)
      }
      if (reached > end) module.HEAPU8.fill(0, end, reached)
    },
  }
}

/** A stretch without a copy is all zeros, which are faster to fill than to copy. */
interface Stretch {
  from: number
  to: number
  copy: Uint8Array | undefined
}

function stretchesOf(memory: Uint8Array): Stretch[] {
  const block = 2 ** 16
  const zeros = Buffer.alloc(block)
  const stretches: { from: number; to: number; zero: boolean }[] = []
  for (let from = 0; from < memory.length; from += block) {
    const bytes = memory.subarray(from, from + block)
    const zero = zeros.subarray(0, bytes.length).equals(bytes)
    const last = stretches.at(-1)
    if (last?.zero === zero) last.to += bytes.length
    else stretches.push({ from, to: from + bytes.length, zero })
  }
  return stretches.map(({ from, to, zero }) => ({ from, to, copy: zero ? undefined : memory.slice(from, to) }))
}
