import { defineScenario } from '../scenario.ts'

export const agentScenarios = [
  defineScenario({
    id: 'agent.removed',
    after: 'AIOpsLab scale_pod_zero',
    roots: [
      {
        cause: /the agent exercise is removed and work waits for it/,
        fix: /^learnflow tutoring-agents deploy exercise$/,
      },
    ],
    async strike({ probe }) {
      await probe.operate('tutoring-agents/remove', { name: 'exercise' })
      const client = probe.client({ student: probe.newStudent() })
      await client.submit('square', 'def square(n): return n * n', 'for-nobody')
    },
  }),
] as const
