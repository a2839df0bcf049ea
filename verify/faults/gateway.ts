import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A gateway on loopback that forwards every request with `token`, whatever token the caller sent: the mistake of
 * trusting everything inside the network.
 */
export async function gateway(target: string, token: string): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((incoming, answer) => {
    const onward = request(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method, headers: { ...incoming.headers, authorization: `Bearer ${token}` } },
      reply => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(answer)
      },
    )
    onward.on('error', () => answer.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
