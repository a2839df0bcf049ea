import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server'
import * as z from 'zod'

const text = (text: string) => ({ content: [{ type: 'text' as const, text }] })
const schemas = {
  name: z.object({ name: z.string() }),
  color: z.object({ color: z.string() }),
  ok: z.object({ ok: z.boolean() }),
  context: z.object({ context: z.string() }),
}
const ask = (message: string, requestedSchema: z.ZodObject) => inputRequired.elicit({ message, requestedSchema })
const sample = (question: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text: question } }], maxTokens })
const capabilitiesOf = ({ mcpReq }: ServerContext): ClientCapabilities =>
  (mcpReq.envelope as Record<string, ClientCapabilities> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ?? {}

/** Tools of the conformance suite that request input from the user, the model or the client's files (SEP-2322). */
export function addInputTools(server: McpServer, state: RequestStateCodec): void {
  addSingleRound(server)
  addWithState(server, state)
  const inputSchema = z.object({})
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'Asks for what the client can give.', inputSchema },
    (_, context) => {
      const { sampling, elicitation } = capabilitiesOf(context)
      const inputRequests = {
        ...(sampling === undefined ? {} : { question: sample('What is the capital of France?', 100) }),
        ...(elicitation === undefined ? {} : { user_name: ask('What is your name?', schemas.name) }),
      }
      const answered = Object.keys(context.mcpReq.inputResponses ?? {}).length > 0
      return answered || Object.keys(inputRequests).length === 0 ? text('done') : inputRequired({ inputRequests })
    },
  )
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks for its context.' }, ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, 'user_context', schemas.context)
    if (answer === undefined)
      return inputRequired({
        inputRequests: { user_context: ask('What context should the prompt use?', schemas.context) },
      })
    return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text: answer.context } }] }
  })
}

function addSingleRound(server: McpServer): void {
  const inputSchema = z.object({})
  server.registerTool(
    'test_input_required_result_elicitation',
    { description: 'Asks for a name.', inputSchema },
    (_, { mcpReq }) => {
      const answer = acceptedContent(mcpReq.inputResponses, 'user_name', schemas.name)
      return answer === undefined
        ? inputRequired({ inputRequests: { user_name: ask('What is your name?', schemas.name) } })
        : text(`Hello, ${answer.name}!`)
    },
  )
  server.registerTool(
    'test_input_required_result_sampling',
    { description: 'Asks the model.', inputSchema },
    (_, { mcpReq }) => {
      const answer = inputResponse(mcpReq.inputResponses, 'capital_question')
      if (answer.kind !== 'sampling')
        return inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?', 100) } })
      return text(JSON.stringify(answer.result.content))
    },
  )
  server.registerTool(
    'test_input_required_result_list_roots',
    { description: 'Asks for the roots.', inputSchema },
    (_, { mcpReq }) => {
      const answer = inputResponse(mcpReq.inputResponses, 'client_roots')
      if (answer.kind !== 'roots') return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
      return text(answer.roots.map(root => root.uri).join(' '))
    },
  )
  server.registerTool('test_missing_capability', { description: 'Needs sampling.', inputSchema }, (_, { mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'question')
    return answer.kind === 'sampling'
      ? text('done')
      : inputRequired({ inputRequests: { question: sample('Anything?', 10) } })
  })
}

function addWithState(server: McpServer, state: RequestStateCodec): void {
  const inputSchema = z.object({})
  for (const name of ['test_input_required_result_request_state', 'test_input_required_result_tampered_state'])
    server.registerTool(
      name,
      { description: 'Carries its state through the client.', inputSchema },
      async (_, { mcpReq }) => {
        if (
          acceptedContent(mcpReq.inputResponses, 'confirm', schemas.ok) !== undefined &&
          mcpReq.requestState() !== undefined
        )
          return text('state-ok')
        return inputRequired({
          inputRequests: { confirm: ask('Please confirm', schemas.ok) },
          requestState: await state.mint('asked'),
        })
      },
    )
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks twice.', inputSchema },
    async (_, { mcpReq }) => {
      const [name, color] = [
        acceptedContent(mcpReq.inputResponses, 'step1', schemas.name),
        acceptedContent(mcpReq.inputResponses, 'step2', schemas.color),
      ]
      const known = z.object({ name: z.string() }).safeParse(mcpReq.requestState())
      if (color !== undefined && known.success) return text(`${known.data.name} likes ${color.color}`)
      if (name !== undefined)
        return inputRequired({
          inputRequests: { step2: ask('Step 2: What is your favorite color?', schemas.color) },
          requestState: await state.mint(name),
        })
      return inputRequired({
        inputRequests: { step1: ask('Step 1: What is your name?', schemas.name) },
        requestState: await state.mint('asked'),
      })
    },
  )
  server.registerTool(
    'test_input_required_result_multiple_inputs',
    { description: 'Asks for three things.', inputSchema },
    async (_, { mcpReq }) => {
      const answers = mcpReq.inputResponses
      const there = ['user_name', 'greeting', 'client_roots'].every(
        key => inputResponse(answers, key).kind !== 'missing',
      )
      if (there) return text('done')
      const inputRequests = {
        user_name: ask('What is your name?', schemas.name),
        greeting: sample('Generate a greeting', 50),
        client_roots: inputRequired.listRoots(),
      }
      return inputRequired({ inputRequests, requestState: await state.mint('asked') })
    },
  )
}
