import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { execa } from 'execa'
import { scriptCommand } from '../../skills/command.ts'
import { loadScript, scriptIds } from '../../skills/registry.ts'
import { newCommand } from '../../skills/usage.ts'
import { tutorCommands } from '../commands/tutor/tutor.ts'

const root = join(import.meta.dirname, '..', '..')
const entry = join(root, 'bin', 'learnflow.ts')

/** The code of a Markdown text: between backticks, and each line between fences. */
export function codeOf(markdown: string): string[] {
  const fences = /^```[^\n]*\n(.*?)^```/gms
  const fenced = Array.from(markdown.matchAll(fences), ([, block = '']) => block.split('\n')).flat()
  const inline = Array.from(markdown.replaceAll(fences, '').matchAll(/`([^`\n]+)`/g), ([, code = '']) => code)
  return [...fenced, ...inline]
}

/** What is wrong with the commands in a piece of code: a command, script, flag or test file that does not exist. */
export async function wrongCommands(code: string): Promise<string[]> {
  // In a table a bar is escaped by a backslash; `run|grade` means either.
  const parts = code.replaceAll('\\|', '|').split(/;|&&| \| |, then /)
  return (await Promise.all(parts.map(async part => [...wrongTestFiles(part), ...(await wrongLearnflow(part))]))).flat()
}

function wrongTestFiles(part: string): string[] {
  const [, given] = /\bnpx vitest run (.+)/.exec(part) ?? []
  const names = given?.replace(/--project \w+/, '').split(/\s+/) ?? []
  const files = names.filter(name => name !== '' && name !== 'FILE' && !name.startsWith('-'))
  return files.filter(name => !existsSync(join(root, name))).map(name => `no file ${name}`)
}

async function wrongLearnflow(part: string): Promise<string[]> {
  const [, given] = /\blearnflow(?:\.mjs)? ([a-z].*)/.exec(part) ?? []
  if (given === undefined) return []
  const words = given.split(/\s+/)
  const [first = '', second = ''] = words
  const flags = Array.from(given.matchAll(/(?:^|[\s[])(--[a-z][a-z-]*)/g), ([, flag = '']) => flag)
  const missing = (known: readonly string[], name: string): string[] =>
    flags.filter(flag => !known.includes(flag)).map(flag => `learnflow ${name} has no ${flag}`)
  if (first === 'tutor') return tutor(second.split('|'), missing)
  if (!scriptIds().some(id => id.startsWith(`${first}/`))) return topCommand(first, words.slice(1), missing)
  if (!/^[a-z-]+$/.test(second)) return []
  const id = `${first}/${second}`
  if (!scriptIds().includes(id)) return [`no script ${id}`]
  return missing(flagsOf(scriptCommand(id, await loadScript(id))), `${first} ${second}`)
}

type Missing = (known: readonly string[], name: string) => string[]

const flagsOf = ({ options }: Command): string[] => ['--help', ...options.flatMap(({ long }) => long ?? [])]

function tutor(names: readonly string[], missing: Missing): string[] {
  const program = newCommand('learnflow')
  tutorCommands(program)
  const commands = program.commands.flatMap(({ commands }) => commands)
  return names
    .filter(name => /^[a-z]/.test(name))
    .flatMap(name => {
      const command = commands.find(one => one.name() === name)
      return command === undefined ? [`no command tutor ${name}`] : missing(flagsOf(command), `tutor ${name}`)
    })
}

/**
 * Asks the program itself for its help. A flag that is not listed may select another script, such as `down --purge`,
 * whose help is read then. `--help` comes first, so that no flag takes it for its value.
 */
async function topCommand(name: string, rest: readonly string[], missing: Missing): Promise<string[]> {
  const words = /^[a-z][a-z-]*$/.test(rest[0] ?? '') ? rest.slice(0, 1) : []
  const plain = await helpOf(name, ...words, '--help')
  if (!plain.startsWith(`Usage: learnflow ${name} `)) return [`no command ${name}`]
  const known = flagsIn(plain)
  for (const flag of rest.filter(word => /^--[a-z-]+$/.test(word) && !known.includes(word))) {
    const other = await helpOf(name, ...words, '--help', flag)
    if (other !== plain && other.startsWith('Usage: ')) known.push(flag, ...flagsIn(other))
  }
  return missing(known, name)
}

/** The flags at the beginning of a help's lines; flags mentioned in its text may belong to another script. */
const flagsIn = (help: string): string[] =>
  Array.from(help.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z-]*)/gm), ([, flag = '']) => flag)

const helps = new Map<string, Promise<string>>()
async function helpOf(...args: readonly string[]): Promise<string> {
  const key = args.join(' ')
  const help =
    helps.get(key) ?? execa(process.execPath, [entry, ...args], { reject: false }).then(({ stdout }) => stdout)
  helps.set(key, help)
  return help
}
