import * as z from 'zod'
import { findEngines, findProgram, kafkaFolder } from '../../../platform/engines/find.ts'
import { fetchKafka } from '../../../platform/engines/kafka-jars.ts'
import { defineScript, runAsMain } from '../../script.ts'

const installEngines = defineScript({
  about:
    "Fetches Kafka's jars with Maven into the cache folder, and names the command for every other engine that is missing.",
  effect: 'changes',
  input: z.object({}),
  output: z.object({ fetched: z.array(z.string()), commands: z.array(z.string()) }),
  async run(_input, { dryRun, progress }) {
    const missing = (await findEngines()).filter(({ path }) => path === undefined)
    const kafka = missing.some(({ name }) => name === 'kafka')
    const commands = missing.filter(({ name }) => name !== 'kafka').map(({ name, install }) => `${name}: ${install}`)
    if (kafka && !dryRun) {
      progress(`fetching Kafka into ${kafkaFolder()}`)
      await fetchKafka(kafkaFolder(), await findProgram('mvn'))
    }
    const rest = commands.length === 0 ? 'nothing else is missing' : `run yourself: ${commands.join('; ')}`
    return {
      changed: Number(kafka),
      summary: `${kafka ? 'Kafka fetched' : 'Kafka is there'}; ${rest}`,
      data: { fetched: kafka && !dryRun ? [kafkaFolder()] : [], commands },
      plan: kafka ? [`fetch Kafka into ${kafkaFolder()}`] : [],
    }
  },
})
export default installEngines
if (import.meta.main) await runAsMain(import.meta, installEngines)
