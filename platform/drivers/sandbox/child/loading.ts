import { threadMs } from './deadlines.ts'
import { Ended } from './endings.ts'
import type { Interpreter } from './interpreter.ts'
import type { Meanings } from './names.ts'
import { nothing } from './streams.ts'

/** In ms of processor time: loading a program again for each trial costs less than bringing its memory back. */
const worthKeepingMs = 5

/** A program that was run: its namespace and code object, and the meanings of the names in each call. */
export interface Loaded {
  namespace: number
  module: number
  meanings: ReadonlyMap<string, Meanings>
}

export interface LoadingOnce {
  /** The program as it was after it loaded, if that was remembered. @throws Ended when it failed to load */
  again(): Loaded | undefined
  /** Loads it, for a call. @throws what loading throws */
  load(call: string): Loaded
  isKept(): boolean
}

/** Loads a program once, and each later trial goes on where the one before it ended. */
export function loadingForAll(
  interpreter: Interpreter,
  load: (calls: readonly string[]) => Loaded,
  calls: readonly string[],
): LoadingOnce {
  let loaded: Loaded | undefined
  return {
    again() {
      if (loaded !== undefined) Object.assign(interpreter.streams, { out: nothing(), err: nothing() })
      return loaded
    },
    load() {
      loaded = load(calls)
      return loaded
    },
    isKept: () => true,
  }
}

/**
 * Runs a program's module body once for many trials: each later trial starts from a copy of the memory right after it.
 * A body that takes less time than that is run again instead, and so is one that made files or read input, which the
 * copy does not contain.
 */
export function loadingOnce(
  interpreter: Interpreter,
  load: (calls: readonly string[]) => Loaded,
  { calls, several }: { calls: readonly string[]; several: boolean },
): LoadingOnce {
  let first = several
  let kept: { loaded: Loaded; goBack: () => void } | Ended | undefined
  const loadOnce = (): Loaded => {
    const start = threadMs()
    const isDear = (): boolean => threadMs() - start > worthKeepingMs
    try {
      const loaded = load(calls)
      const goBack = isDear() ? interpreter.keep() : undefined
      if (goBack !== undefined) kept = { loaded, goBack }
      return loaded
    } catch (error) {
      if (error instanceof Ended && isDear()) kept = error
      throw error
    }
  }
  return {
    again() {
      if (kept instanceof Ended) {
        Object.assign(interpreter.streams, { out: nothing(), err: nothing() })
        throw kept
      }
      kept?.goBack()
      return kept?.loaded
    },
    load(call) {
      if (!first) return load([call])
      first = false
      return loadOnce()
    },
    isKept: () => kept !== undefined,
  }
}
