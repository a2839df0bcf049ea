import { extname, join } from 'node:path'
import { searchPath } from '../../platform/config.ts'
import { root } from '../../verify/test-platform.ts'
import { developed } from './tokens.ts'
import type { Transcript } from './transcript.ts'

/**
 * A scripted coding agent: it calls the tools of `learnflow mcp` over a real connection, and all that it reads is
 * recorded.
 */
export interface CodingAgent extends AsyncDisposable {
  /** Calls a tool, and waits with the tool `job` for work that outlasts the call. */
  call(name: string, args: Record<string, unknown>): Promise<ToolReply>
  read(op: string, args?: Record<string, unknown>): Promise<ToolReply>
  change(op: string, args?: Record<string, unknown>): Promise<ToolReply>
  /** What a host shows the model before any call. */
  introduction: HostIntroduction
}

export interface ToolReply {
  failed: boolean
  text: string
  structured: { job?: string; pages?: number }
}

export interface HostIntroduction {
  instructions: string
  /** Name, description and input schema of each tool, as a host shows them. */
  definitions: string
  /** The whole tool objects. */
  full: string
  version: string
}

const callMs = 120_000
/** How often the agent waits for one job before it gives the task up. */
const maxWaits = 3

/**
 * `folder` is the agent's working and home folder, so that no file of the user is read or written. @throws NOT_RUNNING
 * without the SDK's client
 */
export async function openCodingAgent(folder: string, data: string, transcript: Transcript): Promise<CodingAgent> {
  const sdk = '@modelcontextprotocol/client'
  const { Client } = await developed(sdk, async () => import('@modelcontextprotocol/client'))
  const { StdioClientTransport } = await developed(sdk, async () => import('@modelcontextprotocol/client/stdio'))
  const command = join(root, 'bin', `learnflow${extname(import.meta.filename)}`)
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [command, 'mcp', '--data', data],
    env: { PATH: searchPath(), HOME: folder, XDG_STATE_HOME: join(folder, 'state'), LEARNFLOW_SANDBOX_PROCESSES: '1' },
    cwd: folder,
    stderr: 'inherit',
  })
  const client = new Client(
    { name: 'ledger', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  await client.connect(transport)
  const { tools } = await client.listTools()
  const call = async (name: string, args: Record<string, unknown>, waits = maxWaits): Promise<ToolReply> => {
    transcript.call(JSON.stringify({ name, arguments: args }))
    const result = await client.callTool({ name, arguments: args }, { timeout: callMs })
    const text = result.content.map(part => (part.type === 'text' ? part.text : JSON.stringify(part))).join('\n')
    transcript.result(text, JSON.stringify(result.structuredContent ?? {}))
    const structured = (result.structuredContent ?? {}) as ToolReply['structured']
    const { job, pages } = structured
    const over = job === undefined || pages !== undefined || waits === 0
    return over
      ? { failed: result.isError === true, text, structured }
      : call('job', { action: 'wait', id: job, seconds: 45 }, waits - 1)
  }
  return {
    call: async (name, args) => call(name, args),
    read: async (op, args) => call('read', { op, ...(args === undefined ? {} : { args }) }),
    change: async (op, args) => call('change', { op, ...(args === undefined ? {} : { args }) }),
    introduction: {
      instructions: client.getInstructions() ?? '',
      definitions: JSON.stringify(
        tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
      ),
      full: JSON.stringify(tools),
      version: client.getServerVersion()?.version ?? '',
    },
    [Symbol.asyncDispose]: async () => client.close(),
  }
}
