import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { agentNames } from '../../schemas/words.ts'

const folder = 'manifests/kubernetes'
/** The file that is generated from each template, in which `AGENT` stands for the name of an agent. */
const templates = {
  'templates/agent.yaml': 'base/agents.yaml',
  'templates/scaler.yaml': 'components/keda/scalers.yaml',
}

/** The manifests that every agent has alike, by their paths from the root. */
export async function agentManifests(): Promise<[file: string, text: string][]> {
  const root = join(import.meta.dirname, '..', '..')
  return Promise.all(
    Object.entries(templates).map(async ([template, file]): Promise<[string, string]> => {
      const text = await readFile(join(root, folder, template), 'utf8')
      const about = `# Generated from ${folder}/${template} by npm run generate; not to be edited.\n`
      const all = agentNames.map(name => text.replaceAll('AGENT', name))
      return [`${folder}/${file}`, about + all.join('---\n')]
    }),
  )
}
