import type { Sandbox } from '../../ports/sandbox.ts'

/**
 * A sandbox that starts its interpreters with the first program, because most processes of a distributed platform never
 * run one.
 */
export function lazySandbox(open: () => Promise<Sandbox>): Sandbox {
  let opening: Promise<Sandbox> | undefined
  let opened: Sandbox | undefined
  const get = async (): Promise<Sandbox> => {
    // After a failure the next program tries again.
    opening ??= open().catch((error: unknown) => ((opening = undefined), Promise.reject(error)))
    return (opened = await opening)
  }
  return {
    run: async job => (await get()).run(job),
    health: () => opened?.health() ?? { layers: '', processes: 0, busy: 0, queued: 0, replaced: 0 },
    async [Symbol.asyncDispose]() {
      if (opening !== undefined) await (await opening)[Symbol.asyncDispose]()
    },
  }
}
