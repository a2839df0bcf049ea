import { createServer } from 'node:net'
import { defineCheck, type Probe } from '../check.ts'
import { msUntil } from '../wait.ts'

const seconds = 1
const graceMs = 1_500
/** A run that ends later than this was not ended by its time limit. */
const patienceMs = 20_000
const answerMs = 120_000
/** How long after its program a connection may come on an idle machine. */
const lateMs = 500
const pollMs = 20

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

/** Tries to leave something for the next program: in the library, in modes, descriptors and folders. */
const firstResident = `
import fcntl, os
for path in ("/lib/python314.zip", "/", "/tmp", "."):
    try:
        fd = os.open(path, os.O_RDONLY)
        fcntl.fcntl(fd, fcntl.F_SETFL, os.O_RDWR)
        os.pwrite(fd, b"changed", 4096)
    except OSError:
        pass
    try:
        os.fchmod(fd, 0)
    except OSError:
        pass
open("/tmp/left", "w").close()
fcntl.fcntl(1, fcntl.F_SETFL, os.O_APPEND)
os.chdir("/tmp")
`
const secondResident = `
import fcntl, logging, os, zlib
print(zlib.crc32(open("/lib/python314.zip", "rb").read()), logging.__name__, os.getcwd(), fcntl.fcntl(1, fcntl.F_GETFL))
print([os.stat(path).st_mode for path in ("/", "/tmp", ".")], os.listdir("/tmp"), os.listdir("."))
`
const rounds = 5

async function residents(probe: Probe) {
  const second = async (): Promise<string> => (await execute(probe, { code: secondResident })).stdout
  const alone = await second()
  let same = 0
  for (let round = 0; round < rounds; round += 1) {
    await execute(probe, { code: firstResident })
    if ((await second()) === alone) same += 1
  }
  return {
    ok: same === rounds && alone.endsWith('[] []\n'),
    measured: `${same} of ${rounds} programs printed the same as alone, ${JSON.stringify(alone.slice(-8))} last`,
  }
}

interface Ran {
  ended: string
  stdout: string
}

async function execute({ anybody }: Probe, body: object, timeoutMs?: number): Promise<Ran> {
  const { status, body: ran } = await anybody().raw('POST', '/api/v1/sandbox/execute/python', {
    body,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
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
    const start = performance.now()
    const { ended, stdout } = await execute(probe, { code: dialler(port) })
    const done = stdout.endsWith('done\n')
    // A promise of JavaScript connects after its program has ended, the later the longer the program has taken.
    const limitMs = Math.max(lateMs, performance.now() - start)
    await msUntil(() => reached > 0, { limitMs, everyMs: pollMs })
    return {
      ok: reached === 0 && done,
      measured: `${reached} connections by 5 ways${done ? '' : `, but the program did not try all: ${ended}`}`,
    }
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
      const { ended } = await execute(probe, { code: 'while True:\n    pass\n', seconds }, answerMs)
      const took = performance.now() - start
      return {
        ok: ended === 'timed_out' && took < patienceMs,
        late: took > seconds * 1_000 + graceMs,
        measured: `${ended} after ${took.toFixed(0)} ms`,
      }
    },
  }),
  defineCheck({
    id: 'sandbox.residents',
    claim: 'a program leaves nothing for the next one',
    fault: 'sandbox-shared',
    run: residents,
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
