import { type Config, readConfig } from '../platform/config.ts'
import { createMcpHandler } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { serverFactory } from './server.ts'

const Listed = z.object({ result: z.object({ tools: z.array(z.looseObject({ name: z.string() })) }) })
const Greeted = z.object({ result: z.object({ instructions: z.string() }) })

/**
 * Everything that a model sees before its first call, as a client receives it, so that the public surface can be
 * reviewed in one file.
 */
export async function toolsSnapshot(): Promise<string> {
  const config: Config = readConfig({}, {}, import.meta.dirname)
  const handler = createMcpHandler(await serverFactory({ config, version: '0.0.0' }))
  const ask = async (method: string, params: object): Promise<unknown> => {
    const request = new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const text = await (await handler.fetch(request)).text()
    return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text)
  }
  const greeting = await ask('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'snapshot', version: '0.0.0' },
  })
  const { tools } = Listed.parse(await ask('tools/list', {})).result
  return `${JSON.stringify({ instructions: Greeted.parse(greeting).result.instructions, tools }, null, 2)}\n`
}
