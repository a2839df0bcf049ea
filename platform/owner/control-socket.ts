import { rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { dataPaths } from './data-folder.ts'
import { codes, PlatformError } from '../errors.ts'

/**
 * The protocol, one JSON line per message: one request, then any number of progress lines, then one result or failure.
 */
const Request = z.strictObject({
  op: z.string(),
  args: z.unknown(),
  dry_run: z.boolean().default(false),
  traceparent: z.string().optional(),
})
export type ControlRequest = z.infer<typeof Request>
const Failure = z.object({
  code: z.enum(Object.keys(codes) as [keyof typeof codes]),
  message: z.string(),
  hint: z.string(),
})
const Reply = z.union([
  z.object({ progress: z.string() }),
  z.object({ result: z.unknown() }),
  z.object({ failure: Failure }),
])
type Reply = z.infer<typeof Reply>

/** A message as one line. U+2028 and U+2029 are escaped, because readline takes them for line ends. */
const lineOf = (message: unknown): string =>
  `${JSON.stringify(message).replaceAll(/[\u2028\u2029]/g, mark => (mark === '\u2028' ? '\\u2028' : '\\u2029'))}\n`

/** Runs one request inside the owner of the data folder. */
export type ControlHandler = (
  request: ControlRequest,
  progress: (line: string) => void,
  signal: AbortSignal,
) => Promise<unknown>

/**
 * Opens the control socket: a unix socket with mode 0600 in the data folder. Only the owner of the folder (who holds
 * the lock) may call this, so a file left by a dead process is removed.
 */
export async function openControlSocket(folder: string, handle: ControlHandler): Promise<AsyncDisposable> {
  const { socket: path } = dataPaths(folder)
  await rm(path, { force: true })
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    const gone = new AbortController()
    socket.on('close', () => (open.delete(socket), gone.abort()))
    socket.on('error', () => socket.destroy())
    createInterface({ input: socket }).once('line', line => void answer(line, handle, socket, gone.signal))
  })
  const mask = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  } finally {
    process.umask(mask)
  }
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

async function answer(line: string, handle: ControlHandler, socket: Socket, signal: AbortSignal): Promise<void> {
  const say = (reply: Reply): void => void (socket.writable && socket.write(lineOf(reply)))
  try {
    // JSON has no undefined, so an operation without a result answers null.
    say({ result: (await handle(parseRequest(line), progress => say({ progress }), signal)) ?? null })
  } catch (error) {
    const known = error instanceof PlatformError
    say({
      failure: {
        code: known ? error.code : 'INTERNAL',
        message: error instanceof Error ? error.message : String(error),
        hint: known ? error.hint : 'This is a fault of ours: see the log of the platform.',
      },
    })
  }
  socket.end()
}

function parseRequest(line: string): ControlRequest {
  try {
    return Request.parse(JSON.parse(line))
  } catch (cause) {
    throw new PlatformError('INVALID_INPUT', `no request that this platform understands: ${line.slice(0, 100)}`, {
      hint: 'Is the command from the same version of LearnFlow as the platform?',
      cause,
    })
  }
}

/**
 * Asks the owner of `folder` to run an operation; undefined when nobody owns it. Aborting `signal` disconnects, which
 * aborts the operation's own signal.
 * @throws what the operation threw there; DEPENDENCY_DOWN when the owner died during it.
 */
export async function callOwner(
  folder: string,
  request: ControlRequest,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<{ result: unknown } | undefined> {
  const socket = await connectTo(dataPaths(folder).socket)
  if (socket === undefined) return undefined
  const lines = createInterface({ input: socket })
  // readline does not notice a socket that was cut off, so it is closed explicitly.
  socket.once('close', () => lines.close())
  socket.on('error', () => socket.destroy())
  using _hangUp = onAbort(signal, () => socket.destroy())
  socket.write(lineOf(request))
  for await (const line of lines) {
    const reply = Reply.parse(JSON.parse(line))
    if ('progress' in reply) progress(reply.progress)
    else if ('failure' in reply)
      throw new PlatformError(reply.failure.code, reply.failure.message, { hint: reply.failure.hint })
    else return { result: reply.result }
  }
  signal?.throwIfAborted()
  throw new PlatformError('DEPENDENCY_DOWN', 'the platform went away before it answered', { hint: 'learnflow status' })
}

function onAbort(signal: AbortSignal | undefined, act: () => void): Disposable {
  signal?.addEventListener('abort', act, { once: true })
  return { [Symbol.dispose]: () => signal?.removeEventListener('abort', act) }
}

/** A socket file may outlive its process: then the connection is refused and there is no owner. */
async function connectTo(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined)
      else
        reject(
          new PlatformError(
            'DATA_FOLDER_UNUSABLE',
            `the operator socket ${path} cannot be used (${error.code ?? error.message})`,
            {
              hint: 'Run the command as the user who started the platform.',
              cause: error,
            },
          ),
        )
    })
  })
}
