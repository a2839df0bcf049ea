import { createServer } from 'node:net'
import { defineCheck, type Probe } from '../check.ts'

const seconds = 1
const graceMs = 1_500
/** A run that ends later than this was not ended by its time limit. */
const patienceMs = 20_000

const dialler = (port: number): string => `
import socket, urllib.request
for dial in (
    lambda: socket.create_connection(("127.0.0.1", ${port}), 1),
    lambda: urllib.request.urlopen("http://127.0.0.1:${port}/", timeout=1),
    lambda: __import__("pyodide.http").http.pyfetch("http://127.0.0.1:${port}/"),
    lambda: __import__("js").fetch("http://127.0.0.1:${port}/"),
    lambda: __import__("os").system("exec 3<>/dev/tcp/127.0.0.1/${port}"),
):
    try:
        dial()
    except BaseException as error:
        print(type(error).__name__)
print("done")
`

interface Ran {
  ended: string
  stdout: string
}

async function execute({ client, newStudent }: Probe, body: object): Promise<Ran> {
  const { status, body: ran } = await client({ student: newStudent() }).raw('POST', '/api/v1/sandbox/execute/python', {
    body,
  })
  if (status !== 200) throw new Error(`the sandbox answered ${status}: ${JSON.stringify(ran).slice(0, 200)}`)
  return ran as Ran
}

async function network(probe: Probe) {
  let reached = 0
  const server = createServer(socket => {
    reached += 1
    socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as { port: number }
    const { stdout } = await execute(probe, { code: dialler(port) })
    await new Promise(resolve => setTimeout(resolve, 200))
    return { ok: reached === 0 && stdout.includes('done'), measured: `${reached} connections by 5 ways` }
  } finally {
    server.close()
  }
}

export default [
  defineCheck({
    id: 'sandbox.network',
    claim: 'a program reaches no server on this machine',
    fault: 'sandbox-unhardened',
    run: network,
  }),
  defineCheck({
    id: 'sandbox.loop',
    claim: `an endless loop is cut at its ${seconds} s`,
    fault: 'sandbox-untimed',
    async run(probe) {
      const start = performance.now()
      const { ended } = await execute(probe, { code: 'while True:\n    pass\n', seconds })
      const took = performance.now() - start
      return {
        ok: ended === 'timed_out' && took < patienceMs,
        late: took > seconds * 1_000 + graceMs,
        measured: `${ended} after ${took.toFixed(0)} ms`,
      }
    },
  }),
  defineCheck({
    id: 'sandbox.memory',
    claim: 'a program gets no more than 50 MB',
    fault: 'sandbox-unlimited',
    async run(probe) {
      const { ended } = await execute(probe, { code: 'x = bytearray(60 * 2**20)\nprint(len(x))\n' })
      return { ok: ended === 'out_of_memory', measured: ended }
    },
  }),
]
