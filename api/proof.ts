import { PlatformError } from '../platform/errors.ts'
import type { Sandbox } from '../platform/ports/sandbox.ts'

export interface ProofOptions {
  /** Authors take turns. */
  owner: string
  /** The interpreter time that all runs of the proof may take together. */
  seconds: number
  /** Ends the proof with its reason. */
  signal: AbortSignal
}

/** The proofs that one author may have under way. */
const maxProofs = 2

const tooLong = (seconds: number): PlatformError =>
  new PlatformError('EXERCISE_FAULTY', `its proof takes more than ${seconds} s of computing`, {
    hint: 'Let the reference and the tests compute less; learnflow tutor check proves it without this limit.',
  })

/** The interpreters for the proof of one exercise: apart from those that grade, and for a limited time. */
export function proofSandbox(sandbox: Sandbox, { owner, seconds, signal: given }: ProofOptions): Sandbox {
  const over = new AbortController()
  const signal = AbortSignal.any([given, over.signal])
  let spentMs = 0
  return {
    async run(job) {
      const result = await sandbox.run({ ...job, owner, purpose: 'authoring', signal })
      spentMs += result.duration_ms
      // What still waits is dropped with it.
      if (spentMs > seconds * 1_000) over.abort(tooLong(seconds))
      signal.throwIfAborted()
      return result
    },
    health: () => sandbox.health(),
    [Symbol.asyncDispose]: async () => {},
  }
}

const underWay = new Map<string, number>()

/** Runs a proof unless this author has as many under way as one may. @throws TOO_MANY_REQUESTS */
export async function inTurn<Result>(author: string, prove: () => Promise<Result>): Promise<Result> {
  const count = underWay.get(author) ?? 0
  if (count >= maxProofs)
    throw new PlatformError('TOO_MANY_REQUESTS', `${count} of your exercises are being proven already`, {
      hint: 'Wait until one of them is.',
    })
  underWay.set(author, count + 1)
  try {
    return await prove()
  } finally {
    const left = (underWay.get(author) ?? 1) - 1
    if (left === 0) underWay.delete(author)
    else underWay.set(author, left)
  }
}
