import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRequestStateCodec, fromJsonSchema, McpServer, type McpServerFactory } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { addInputTools } from './inputs.ts'
import everything from './schema-2020-12.json' with { type: 'json' }
import { wav, text, image, hint } from './contents.ts'
import { addResources, addPrompts } from './resources.ts'

/**
 * The tools, prompts and resources that the conformance suite (@modelcontextprotocol/conformance) expects on a server,
 * served by our transport. They are not part of the product.
 */
export function conformanceFactory(): McpServerFactory {
  const state = createRequestStateCodec({ key: randomBytes(32) })
  return () => {
    const server = new McpServer(
      { name: 'learnflow-conformance', version: '0.0.0' },
      {
        capabilities: { logging: {}, completions: {}, prompts: {}, tools: {}, resources: {} },
        cacheHints: {
          'tools/list': hint,
          'prompts/list': hint,
          'resources/list': hint,
          'resources/templates/list': hint,
          'resources/read': hint,
          'server/discover': hint,
        },
        requestState: { verify: state.verify },
      },
    )
    addContentTools(server)
    addTalkingTools(server)
    addSchemaTools(server)
    addInputTools(server, state)
    addResources(server)
    addPrompts(server)
    return server
  }
}

function addContentTools(server: McpServer): void {
  const embedded = {
    type: 'resource' as const,
    resource: {
      uri: 'test://embedded-resource',
      mimeType: 'text/plain',
      text: 'This is an embedded resource content.',
    },
  }
  const mixed = {
    type: 'resource' as const,
    resource: {
      uri: 'test://mixed-content-resource',
      mimeType: 'application/json',
      text: '{"test":"data","value":123}',
    },
  }
  const contents = {
    test_simple_text: [text('This is a simple text response for testing.')],
    test_image_content: [image],
    test_audio_content: [{ type: 'audio' as const, data: wav, mimeType: 'audio/wav' }],
    test_embedded_resource: [embedded],
    test_multiple_content_types: [text('Multiple content types test:'), image, mixed],
  }
  for (const [name, content] of Object.entries(contents))
    server.registerTool(name, { description: 'Answers with fixed content.' }, () => ({ content }))
  server.registerTool('test_error_handling', { description: 'Fails.' }, () => {
    throw new Error('This tool intentionally returns an error for testing')
  })
}

/** Tools that report progress while they work. */
function addTalkingTools(server: McpServer): void {
  server.registerTool(
    'test_tool_with_progress',
    { description: 'Tells its progress.', inputSchema: z.object({}) },
    async (_, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken
      for (const progress of [0, 50, 100]) {
        if (progressToken !== undefined)
          await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } })
        await sleep(50)
      }
      return { content: [text('done')] }
    },
  )
  for (const name of ['test_tool_with_logging', 'test_logging_tool'])
    server.registerTool(name, { description: 'Logs.', inputSchema: z.object({}) }, async (_, { mcpReq }) => {
      for (const line of ['started', 'working', 'done']) {
        await mcpReq.log('info', line)
        await sleep(50)
      }
      return { content: [text('done')] }
    })
  server.registerTool(
    'test_streaming_elicitation',
    { description: 'Streams.', inputSchema: z.object({}) },
    async (_, { mcpReq }) => {
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken: mcpReq._meta?.progressToken ?? 'none', progress: 1 },
      })
      return { content: [text('done')] }
    },
  )
}

function addSchemaTools(server: McpServer): void {
  const inputSchema = fromJsonSchema(everything)
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Has a schema with all that 2020-12 allows.', inputSchema },
    () => ({
      content: [text('done')],
    }),
  )
  const region = z.string().meta({ 'x-mcp-header': 'Region' })
  server.registerTool(
    'test_custom_headers',
    { description: 'Has a parameter that is also a header.', inputSchema: z.object({ region }) },
    ({ region }) => ({
      content: [text(region)],
    }),
  )
}
