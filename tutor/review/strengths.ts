import type { Node, Program } from './tree.ts'
import { blocksOf, callOf, isFunction, nameOf, ownNodes } from './syntax.ts'
import { complexityOf, isStatement } from './detect/complexity.ts'
import { fill, type Params, strengths } from './rules.ts'

/** A true thing to praise, by its name in `rules.yaml`. */
export interface Strength {
  rule: string
  text: string
}

/** The params of each strength's text, where the program has it. */
const facts: Readonly<Record<string, (program: Program) => Params | undefined>> = {
  'early-return': ({ nodes }) => {
    const found = nodes.filter(isFunction).find(leavesEarly)
    return found === undefined ? undefined : { function: nameOf(found) }
  },
  'file-closed': ({ nodes }) =>
    nodes.some(node => node.kind === 'WithStatement' && node.children.some(child => callOf(child)?.name === 'open'))
      ? {}
      : undefined,
  'named-error': ({ nodes }) => {
    const caught = nodes
      .filter(node => node.kind === 'TryStatement')
      .flatMap(blocksOf)
      .find(({ word, test }) => word === 'except' && /^[A-Z]\w+Error$/.test(test[0]?.text ?? ''))
    return caught === undefined ? undefined : { error: caught.test[0]?.text ?? '' }
  },
  'small-functions': ({ nodes }) => {
    const all = nodes.filter(isFunction)
    return all.length >= 3 && all.every(isSmall) ? { count: all.length } : undefined
  },
  comprehension: ({ nodes }) =>
    nodes.some(({ kind }) => /^(?:Array|Dictionary|Set)Compre/.test(kind)) ? {} : undefined,
  'direct-loop': ({ nodes }) => {
    const loops = nodes.filter(({ kind }) => kind === 'ForStatement')
    const over = (loop: Node): boolean => loop.children.at(-2)?.kind === 'VariableName'
    return loops.length > 0 && loops.every(over) ? {} : undefined
  },
  'clear-names': ({ nodes }) => {
    const stored = nodes.filter(
      ({ kind, role, parent }) =>
        kind === 'VariableName' &&
        (role === 'stored' || role === 'parameter') &&
        !/^(?:Import|FunctionDef|ClassDef)/.test(parent?.kind ?? ''),
    )
    const names = [...new Set(stored.map(({ text }) => text))].filter(name => name !== '_')
    const clear = names.filter(name => /^[a-z]{4,}(?:_[a-z]+)*$/.test(name))
    return names.length >= 3 && clear.length === names.length
      ? {
          names: clear
            .slice(0, 3)
            .map(name => `\`${name}\``)
            .join(', '),
        }
      : undefined
  },
}

/** An `if` at the start of a function that only leaves, and without an `else`, before more follows. */
function leavesEarly(definition: Node): boolean {
  const body = definition.children.find(({ kind }) => kind === 'Body')?.children ?? []
  const [first, ...rest] = body.filter(
    ({ kind, children }) => !(kind === 'ExpressionStatement' && children[0]?.kind === 'String'),
  )
  const [block, other] = first?.kind === 'IfStatement' ? blocksOf(first) : []
  const leaves = /^(?:Return|Raise)Statement$/.test(block?.body.children.at(-1)?.kind ?? '')
  return leaves && other === undefined && rest.length >= 2
}

const isSmall = (definition: Node): boolean =>
  [...ownNodes(definition)].filter(isStatement).length <= 10 && complexityOf(definition).cognitive <= 6

/** The first strength that the program has and that none of the rules found speaks against. */
export function strengthOf(program: Program, found: ReadonlySet<string>): Strength | undefined {
  for (const { strength, unless, text } of strengths) {
    const params = unless.some(rule => found.has(rule)) ? undefined : facts[strength]?.(program)
    if (params !== undefined) return { rule: strength, text: fill(text, params) }
  }
  return undefined
}
