import { randomInt } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { PlatformError } from '../errors.ts'

const host = '127.0.0.1'

async function listen(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return server
}

const close = async (server: Server): Promise<void> => new Promise(resolve => server.close(() => resolve()))

/**
 * Below the ports that systems use for outgoing connections (Linux 32768, macOS 49152), so that a chosen free port is
 * not taken by a connection before it is used.
 */
const [lowest, highest] = [10_000, 32_767]

/** Ports chosen in this process, on which nothing may listen yet. */
const chosen = new Set<number>()

/**
 * Loopback ports on which nothing listens now and that this process has not chosen before; random, so that two
 * processes rarely choose the same.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) {
    const port = randomInt(lowest, highest + 1)
    if (chosen.has(port)) continue
    chosen.add(port)
    if (await isFree(port)) found.push(port)
  }
  return found
}

async function isFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES'))
      return false
    throw error
  }
}

/** @throws PORT_IN_USE with the first port that is in use, and the name of its intended user. */
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
