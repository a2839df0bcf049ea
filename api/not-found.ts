import { problem, sendProblem } from './problems.ts'
import type { App } from './context.ts'
import { unknownRouteHint } from './unknown.ts'

/**
 * Answers what no route matches: 405 with Allow when the path exists for other methods, else 404. Add it before the
 * routes.
 */
export function answerUnknownRoutes(app: App): void {
  const methods = new Map<string, { pattern: RegExp; allowed: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? {
      pattern: new RegExp(`^${url.replaceAll(/:[^/]+/g, '[^/]+').replaceAll('.', '\\.')}$`),
      allowed: new Set(),
    }
    methods.set(url, known)
    for (const name of [method].flat()) known.allowed.add(name)
  })
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const allowed = [...methods.values()].find(({ pattern }) => pattern.test(path))?.allowed
    if (allowed === undefined)
      return sendProblem(reply, problem('NOT_FOUND', `there is no ${path.slice(0, 200)}`, unknownRouteHint))
    const list = [...allowed].toSorted().join(', ')
    return sendProblem(
      reply.header('allow', list),
      problem('INVALID_INPUT', `${request.method} is not what this path takes`, `Allowed: ${list}.`, { status: 405 }),
    )
  })
}
