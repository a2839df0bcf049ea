import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What the endpoint was sent. */
export interface Received {
  path: string | undefined
  authorization: string | undefined
  body: { model: string; messages: { role: string; content: string }[]; max_tokens: number; stream: boolean }
}

/** A real HTTP server on the loopback that answers as a test says. */
export interface Endpoint extends AsyncDisposable {
  url: string
  host: string
  received: Received[]
}

/** The answer of a model that says `content`. */
export const completion = (content: string, finish_reason = 'stop'): string =>
  JSON.stringify({ id: 'x', choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason }] })

export type Answer = (response: ServerResponse, received: Received) => unknown

/** Answers each call by `answer`; a text is what the model says. */
export async function openEndpoint(answer: (received: Received) => string | Answer): Promise<Endpoint> {
  const received: Received[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization } = request.headers
    const got = {
      path: request.url,
      authorization,
      body: JSON.parse((await text(request)) || '{}') as Received['body'],
    }
    received.push(got)
    const said = answer(got)
    if (typeof said === 'string') response.setHeader('content-type', 'application/json').end(completion(said))
    else said(response, got)
  }
  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}/v1`,
    host,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
