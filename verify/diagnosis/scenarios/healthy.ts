import { keeperOf, watchedBy } from '../../test-processes.ts'
import { until } from '../../wait.ts'
import { defineScenario } from '../scenario.ts'

const busyPrograms = 60

export const healthyScenarios = [
  defineScenario({ id: 'healthy.idle', after: 'SREGym no_op', roots: [], strike: async () => {} }),
  defineScenario({
    id: 'healthy.busy',
    after: 'SREGym no_op',
    roots: [],
    async strike({ probe }, undo) {
      const waiting = Array.from({ length: busyPrograms }, async (_, at) => {
        const client = probe.client({ student: probe.newStudent() })
        const { request_id: id } = await client.submit('square', `def square(n): return n * n # ${at}`, `busy-${at}`)
        await client.ended(id)
      })
      undo.defer(async () => void (await Promise.all(waiting)))
      await waiting[0]
    },
  }),
  defineScenario({
    id: 'healthy.keeper-killed',
    after: 'SREGym kubelet_crash',
    roots: [],
    async strike({ folder }) {
      const keeper = await keeperOf(folder)
      process.kill(keeper, 'SIGKILL')
      await until('another keeper', async () => (await keeperOf(folder)) !== keeper, { limitMs: 30_000 })
    },
  }),
  defineScenario({
    id: 'healthy.agent-killed-once',
    after: 'AIOpsLab pod_kill',
    roots: [],
    async strike({ folder, signal }) {
      const { pid } = await watchedBy(folder, 'exercise-1')
      await signal('exercise-1', 'SIGKILL')
      const again = async (): Promise<boolean> => {
        const now = await watchedBy(folder, 'exercise-1')
        return now.pid !== undefined && now.pid !== pid
      }
      await until('it runs again', again, { limitMs: 30_000 })
    },
  }),
] as const
