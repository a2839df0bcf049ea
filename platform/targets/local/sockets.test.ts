import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { clientsOf, listenerOf } from './sockets.ts'

test.runIf(process.platform === 'linux')('who listens on a port, and who is connected to it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  onTestFinished(() => void server.close())
  expect(await clientsOf([port])).toEqual([])
  const sockets = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'))
  await Promise.all(sockets.map(async socket => once(socket, 'connect')))
  expect(await listenerOf(port)).toBe(process.pid)
  expect(await clientsOf([port])).toEqual([[process.pid, 3]])
  for (const socket of sockets) socket.destroy()
})
