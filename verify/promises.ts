import { targetFlag } from '../platform/targets/all.ts'
import { type Requirement, requirements } from './requirements.ts'

/** The table in README.md: each promise beside the commands that prove it. */
export function promisesTable(): string {
  const rows = requirements
    .filter(({ unbuilt }) => unbuilt === undefined)
    .map(one => `| ${one.must} | ${proofsOf(one).join('; ')} |`)
  return ['| promise | proof |', '| --- | --- |', ...rows].map(line => `${line}\n`).join('')
}

/** The commands that prove a requirement. */
function proofsOf({ checks = [], outages = [], benches = [], tests = [], commands = [] }: Requirement): string[] {
  const named = benches.map(bench => bench.split('/') as [string, string])
  return [
    ...commands.map(command => `learnflow ${command}`),
    ...(checks.length === 0 ? [] : [`learnflow verify ${checks.join(' ')}`]),
    ...named.map(([target, name]) => `learnflow bench ${name}${targetFlag(target)}`),
    ...(outages.length === 0 ? [] : ['learnflow verify --negative --target local']),
    ...(tests.length === 0 ? [] : [`npx vitest run ${tests.join(' ')}`]),
  ].map(command => `\`${command}\``)
}
