import { serveStdio } from '@modelcontextprotocol/server/stdio'
import * as z from 'zod'
import { configOf } from '../skills/command.ts'
import { mistakesIn } from '../skills/definition.ts'
import { serverFactory } from '../mcp-server/server.ts'
import { PlatformError } from '../platform/errors.ts'
import { version } from './version.ts'

const Options = z.object({
  readOnly: z.boolean().default(false),
  data: z.string().optional(),
})

/** Serves MCP until the client closes stdin, or until Ctrl-C. Jobs go on without it. */
export async function mcpCommand(options: unknown): Promise<void> {
  const read = Options.safeParse(options)
  if (!read.success) throw new PlatformError('INVALID_INPUT', mistakesIn(read.error), { hint: 'learnflow mcp --help' })
  const { readOnly, data } = read.data
  const factory = await serverFactory({ config: configOf(data), version, readOnly })
  serveStdio(factory, { onerror: error => process.stderr.write(`${error.message}\n`) })
}
