import type { Reply, Stack } from './test-stack.ts'

/** A student's conversations with a stack. On one that works an answer is waited for. */
export function talkWith({ call }: Stack, { waits }: { waits: boolean }) {
  return {
    begin: async (token: string): Promise<string> =>
      (await call('POST', '/api/v1/conversations', { token, body: {} })).body.conversation_id,
    say: async (token: string, body: object): Promise<Reply> =>
      call('POST', '/api/v1/triage', { token, body, headers: waits ? { prefer: 'wait=20' } : {} }),
    read: async (token: string, id: string, query = ''): Promise<Reply['body']> =>
      (await call('GET', `/api/v1/conversations/${id}${query}`, { token })).body,
  }
}
