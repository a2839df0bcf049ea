import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { type DaprResource, readDaprResources } from '../../../platform/engines/dapr-resources.ts'
import { defineScript, runAsMain } from '../../script.ts'

const components = defineScript({
  about:
    'Checks the Dapr components, subscriptions and policies of this repository against their shape, and ' +
    'lists them as sidecars use them.',
  effect: 'reads',
  input: z.object({}),
  output: z.object({
    resources: z.array(z.object({ kind: z.string(), name: z.string(), file: z.string(), uses: z.string() })),
  }),
  async run() {
    const resources = (await readDaprResources()).map(resource => ({
      kind: resource.kind.toLowerCase(),
      name: resource.metadata.name,
      file: resource.file,
      uses: usesOf(resource),
    }))
    const names = resources.map(({ kind, name }) => `${kind} ${name}`)
    return {
      summary: `${counted(resources.length, 'resource')} valid: ${names.join(', ')}`,
      data: { resources },
    }
  },
})

function usesOf(resource: DaprResource): string {
  if (resource.kind === 'Component') return resource.spec.type
  if (resource.kind === 'Subscription') return `${resource.spec.topic} for ${resource.scopes.join(', ')}`
  const { apps, components: parts } = resource.spec.targets
  const users = [
    ...Object.keys(apps).map(app => `calls of ${app}`),
    ...Object.keys(parts).map(part => `component ${part}`),
  ]
  return `policies for ${users.join(', ')}`
}
export default components
if (import.meta.main) await runAsMain(import.meta, components)
