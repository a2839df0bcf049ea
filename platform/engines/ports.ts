import { createServer, type Server } from 'node:net'
import { PlatformError } from '../errors.ts'

const host = '127.0.0.1'

async function listen(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return server
}

const close = async (server: Server): Promise<void> => new Promise(resolve => server.close(() => resolve()))

/** Loopback ports that nobody listens on now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => listen(0)))
  const ports = servers.map(server => (server.address() as { port: number }).port)
  await Promise.all(servers.map(close))
  return ports
}

/** @throws PORT_IN_USE with the first port that somebody listens on, and who wants it. */
export async function checkPorts(wanted: Readonly<Record<string, number>>): Promise<void> {
  for (const [what, port] of Object.entries(wanted)) {
    try {
      await close(await listen(port))
    } catch (cause) {
      throw new PlatformError('PORT_IN_USE', `port ${port} for ${what} is taken`, {
        hint: `See who listens there (lsof -i :${port}), or set another port.`,
        cause,
      })
    }
  }
}
