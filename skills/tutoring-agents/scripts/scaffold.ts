import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { type AgentTemplate, agentTemplate } from '../template.ts'
import { counted } from '../../../schemas/counted.ts'

const ownTree = join(import.meta.dirname, '..', '..', '..')

/** An agent is a kind of process and a consumer, so these names are taken. */
const reserved = new Set(['api', 'daprd', 'kafka', 'postgres', 'redis', 'relay'])

const scaffold = defineScript({
  about:
    'Writes a new agent into a source tree: code, test, event and wiring. --undo takes it out again while it ' +
    'is as it was written.',
  effect: 'changes',
  input: z.object({
    name: z
      .string()
      .regex(/^[a-z]{3,20}$/, 'a name has 3-20 lower case letters')
      .refine(name => !reserved.has(name), 'a process or a consumer of the platform has this name')
      .describe('the new agent')
      .meta({ positional: true }),
    tree: z
      .string()
      .min(1)
      .max(4_000)
      .default(ownTree)
      .describe('the source tree, by default this one')
      .meta({ path: true }),
    undo: z.boolean().default(false).describe('take it out again'),
  }),
  output: z.object({ files: z.array(z.string()), next: z.array(z.string()) }),
  async run({ name, tree, undo }, { dryRun }) {
    const root = resolve(tree)
    if (!existsSync(join(root, 'agents', 'agent.ts')))
      throw new PlatformError('INVALID_INPUT', `${root} is not a source tree of LearnFlow`, {
        hint: 'Name one with --tree DIR; the installed package has no sources.',
      })
    const template = agentTemplate(name)
    const wanted = await (undo ? without(root, template, name) : withAgent(root, template, name))
    const plan = [...wanted].map(
      ([file, text]) =>
        `${text === undefined ? 'delete' : undo || existsSync(join(root, file)) ? 'edit' : 'write'} ${file}`,
    )
    if (!dryRun) for (const [file, text] of wanted) await put(root, file, text)
    const next = undo
      ? ['npm run generate']
      : ['npm run generate', `npx vitest run agents/${name}`, 'learnflow down', 'learnflow up']
    return {
      changed: wanted.size,
      summary:
        `agent ${name} ${undo ? 'taken out' : 'written'}, ${counted(wanted.size, 'file')}; next: ` +
        next.slice(0, 2).join(', '),
      data: { files: [...wanted.keys()], next },
      plan,
    }
  },
})

/** The files that have to change, with their new text; undefined deletes one. */
type Changes = Map<string, string | undefined>

async function withAgent(root: string, { files, inserts }: AgentTemplate, name: string): Promise<Changes> {
  const changes: Changes = new Map()
  for (const [file, text] of Object.entries(files)) {
    const present = await textOf(root, file)
    if (present === undefined) changes.set(file, text)
    else if (!(await isWired(root, inserts)))
      throw new PlatformError('CONFLICT', `there is another ${file}`, { hint: `Choose a name other than ${name}.` })
  }
  if (changes.size === 0) return changes
  for (const { file, before, text } of inserts) {
    const present = changes.get(file) ?? (await textOf(root, file)) ?? ''
    const at = before.exec(present)?.index
    if (at === undefined)
      throw new PlatformError('INVALID_INPUT', `${file} of this tree has no place for a new agent (${before.source})`, {
        hint: 'Is it of this version?',
      })
    if (!present.includes(text)) changes.set(file, present.slice(0, at) + text + present.slice(at))
  }
  return changes
}

async function without(root: string, { files, inserts }: AgentTemplate, name: string): Promise<Changes> {
  const changes: Changes = new Map()
  for (const [file, text] of Object.entries(files)) {
    const present = await textOf(root, file)
    if (present !== undefined && present !== text)
      throw new PlatformError('CONFLICT', `${file} was changed since it was written`, {
        hint: `Work on ${name} would be lost: delete it by hand.`,
      })
    if (present !== undefined) changes.set(file, undefined)
  }
  for (const { file, text } of inserts) {
    const present = changes.get(file) ?? (await textOf(root, file)) ?? ''
    if (present.includes(text)) changes.set(file, present.replace(text, ''))
  }
  return changes
}

async function isWired(root: string, inserts: AgentTemplate['inserts']): Promise<boolean> {
  const found = await Promise.all(
    inserts.map(async ({ file, text }) => (await textOf(root, file))?.includes(text) === true),
  )
  return found.every(Boolean)
}

async function textOf(root: string, file: string): Promise<string | undefined> {
  return existsSync(join(root, file)) ? readFile(join(root, file), 'utf8') : undefined
}

async function put(root: string, file: string, text: string | undefined): Promise<void> {
  const path = join(root, file)
  if (text !== undefined) {
    await mkdir(dirname(path), { recursive: true })
    return writeFile(path, text)
  }
  await rm(path)
  // The folder of the agent is deleted with its last file.
  await rmdir(dirname(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY') throw error
  })
}
export default scaffold
if (import.meta.main) await runAsMain(import.meta, scaffold)
