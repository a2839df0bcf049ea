import { deviationsOf } from '../../engines/redis.ts'
import type { Trouble } from '../trouble.ts'
import type { Topology } from './layout.ts'

/** Settings of Redis that somebody has changed while it runs, so that nothing can be read or written. */
export async function redisTroubles({ redis }: Pick<Topology, 'redis'>): Promise<Trouble[]> {
  const deviations = await deviationsOf(redis.map(({ port }) => port))
  const names = (what: 'password' | 'memory'): string =>
    deviations
      .filter(deviation => deviation.what === what)
      .map(({ at }) => `redis-${at + 1}`)
      .join(', ')
  const [locked, limited] = [names('password'), names('memory')]
  const limit = deviations.find(({ what }) => what === 'memory')?.limit ?? 0
  const trouble = (cause: string, evidence: string): Trouble => ({
    code: 'DEPENDENCY_DOWN',
    cause,
    evidence,
    fix: 'learnflow redis-cluster deploy; then learnflow state-store status',
  })
  return [
    ...(locked === ''
      ? []
      : [trouble('Redis asks for a password that this platform does not have', `set while it runs on ${locked}`)]),
    ...(limited === ''
      ? []
      : [trouble('Redis takes no more data: its memory is limited', `maxmemory ${limit} bytes on ${limited}`)]),
  ]
}
