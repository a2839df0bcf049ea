import type { Target } from './target.ts'

/** A target before it is loaded: `marker` is the file that shows that a data folder holds a platform of it. */
interface TargetEntry {
  marker: string
  load(): Promise<Target>
}

/** Every target, by the name that `up --target` takes. Without a marker in the folder the first one is meant. */
export const targets = {
  embedded: { marker: 'pg', load: async () => (await import('./embedded/target.ts')).embedded },
  local: { marker: 'local.json', load: async () => (await import('./local/target.ts')).local },
} as const satisfies Record<string, TargetEntry>

export type TargetName = keyof typeof targets
export const targetNames = Object.keys(targets) as [TargetName, ...TargetName[]]
export const [defaultTarget] = targetNames

/** What a command needs in addition to mean this target. */
export const targetFlag = (name: string): string => (name === defaultTarget ? '' : ` --target ${name}`)
