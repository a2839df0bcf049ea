import { brokerData, damagedBrokers } from '../../engines/kafka-identity.ts'
import type { ProcessState } from '../../ports/supervisor.ts'
import type { Trouble } from '../trouble.ts'
import { localPaths, type Topology } from './layout.ts'

/** Brokers that would not start, or never join the others, because their data does not say that it is theirs. */
export async function brokerTroubles(folder: string, { kafka }: Topology): Promise<Trouble[]> {
  const names = kafka.map((_, at) => `kafka-${at + 1}`)
  return (await damagedBrokers(localPaths(folder).engine('kafka'), names)).map(({ name, what }) => ({
    code: 'CHECK_FAILED',
    cause: `the data of ${name} does not say whose it is`,
    evidence: what,
    fix: 'learnflow kafka-deploy deploy',
  }))
}

/** A broker that ends over its own data starts without it, and copies everything from the others again. */
export function brokerFix(folder: string, { name, last_exit: exit }: ProcessState, line: string): string | undefined {
  const data = brokerData(localPaths(folder).engine('kafka'), name)
  if (!line.includes(data)) return undefined
  return `mv ${data} ${data}.${(exit?.at ?? '').replaceAll(/\D/g, '')}; then learnflow kafka-deploy deploy`
}
