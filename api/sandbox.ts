import { callerOf } from './auth.ts'
import { SandboxRequest, SandboxResult } from '../schemas/api.ts'
import { type App, type Context, leftSignal } from './context.ts'

/** How long a program may wait for an interpreter. */
const maxWaitSeconds = 30

/** The route that runs a program without grading it. A program that fails or does not end is a result. */
export function sandboxRoutes(app: App, { ports }: Context): void {
  app.post(
    '/api/v1/sandbox/execute/python',
    {
      config: { problems: [429] },
      schema: { tags: ['sandbox'], summary: 'Run a program', body: SandboxRequest, response: { 200: SandboxResult } },
    },
    async (request, reply) => {
      const { code, stdin, seconds = 5 } = request.body
      const {
        calls: _calls,
        error,
        ...result
      } = await ports.sandbox.run({
        code,
        seconds,
        owner: callerOf(request).sub,
        purpose: 'free',
        maxWaitSeconds,
        signal: leftSignal(reply),
        ...(stdin === undefined ? {} : { stdin }),
      })
      return { ...result, ...(error === undefined ? {} : { error }) }
    },
  )
}
