import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import * as z from 'zod'
import { configOf, rightConfigOf } from '../../skills/command.ts'
import { mistakesIn } from '../../skills/definition.ts'
import { printData, printLines } from '../../skills/output.ts'
import { agentToken } from '../../mcp-server/auth.ts'
import { serveHttp } from '../../mcp-server/http.ts'
import { relaxedLines } from '../../mcp-server/relaxed-message.ts'
import { serverFactory } from '../../mcp-server/server.ts'
import { PlatformError } from '../../platform/errors.ts'
import { version } from '../version.ts'

const Options = z.object({
  readOnly: z.boolean().default(false),
  http: z.string().regex(/^\d+$/, 'expected a port').transform(Number).pipe(z.number().max(65_535)).optional(),
  host: z.string().min(1),
  auth: z.boolean().default(false),
  token: z.boolean().default(false),
  data: z.string().optional(),
  json: z.boolean().default(false),
})

/** Serves MCP on stdin and stdout until the client closes them, or by HTTP until Ctrl-C. Jobs continue without it. */
export async function mcpCommand(options: unknown): Promise<void> {
  const read = Options.safeParse(options)
  if (!read.success) throw new PlatformError('INVALID_INPUT', mistakesIn(read.error), { hint: 'learnflow mcp --help' })
  const { readOnly, http: port, host, auth, token, data, json } = read.data
  // Whom to trust is among the settings, so a door that asks for tokens does not open on wrong ones.
  const config = auth || token ? configOf(data) : rightConfigOf(data)
  if (token) return tellToken(await agentToken(config, readOnly), json)
  const factory = await serverFactory({ config, settings: () => configOf(data), version, readOnly })
  const onerror = ({ message }: Error): void => void process.stderr.write(`${message}\n`)
  if (port === undefined) {
    serveStdio(factory, { onerror, transport: new StdioServerTransport(relaxedLines(process.stdin)) })
    return
  }
  const door = await serveHttp(factory, { config, host, port, auth, onerror })
  if (json) printData({ url: door.url })
  else printLines([`MCP at ${door.url}${auth ? ', token: learnflow mcp --token' : ''}`])
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void door[Symbol.asyncDispose]())
}

const tellToken = (token: string, json: boolean): void => (json ? printData({ token }) : printLines([token]))
