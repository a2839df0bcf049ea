import type { Node } from './tree.ts'

/** The node and all beneath it, in the order of the text; what `enter` refuses is left out with all beneath it. */
export function* within(node: Node, enter: (node: Node) => boolean = () => true): Generator<Node> {
  yield node
  for (const child of node.children) if (enter(child)) yield* within(child, enter)
}

const scopes = new Set(['FunctionDefinition', 'ClassDefinition', 'LambdaExpression'])
export const isFunction = (node: Node): boolean => node.kind === 'FunctionDefinition'
export const isLoop = (node: Node): boolean => node.kind === 'ForStatement' || node.kind === 'WhileStatement'
const isScope = (node: Node): boolean => scopes.has(node.kind)

const owned = new WeakMap<Node, readonly Node[]>()
const named = new WeakMap<Node, ReadonlySet<string>>()

/** What belongs to a function or the program itself: without what functions and classes inside it hold. */
export function ownNodes(scope: Node): readonly Node[] {
  const nodes = owned.get(scope) ?? [...within(scope, node => !isScope(node))]
  owned.set(scope, nodes)
  return nodes
}

/** Every name in a function or the program, also inside what it defines. */
export function namesIn(scope: Node): ReadonlySet<string> {
  const names = named.get(scope) ?? new Set([...within(scope)].map(({ text }) => text))
  named.set(scope, names)
  return names
}

/** The nearest function, class or program around a node. */
export function scopeOf(node: Node): Node {
  let around = node.parent
  while (around !== undefined && !isScope(around) && around.parent !== undefined) around = around.parent
  return around ?? node
}

/** The nodes around a node, from the inside, up to the function or the program that it belongs to. */
export function* around(node: Node): Generator<Node> {
  for (let outer = node.parent; outer !== undefined && !isScope(outer); outer = outer.parent) yield outer
}

/** The name that a function or class has. */
export const nameOf = (definition: Node): string =>
  definition.children.find(child => child.kind === 'VariableName')?.text ?? ''

/** The blocks of a statement, each with the word before it (`if`, `elif`, `else`, `for`, ...). */
export function blocksOf(statement: Node): { word: string; test: Node[]; body: Node }[] {
  const blocks: { word: string; test: Node[]; body: Node }[] = []
  let [word, test] = ['', [] as Node[]]
  for (const part of statement.parts) {
    if (typeof part === 'string') {
      if (/^(?:if|elif|else|for|while|try|except|finally|with|def|class)$/.test(part)) [word, test] = [part, []]
    } else if (part.kind === 'Body') {
      blocks.push({ word, test, body: part })
    } else test.push(part)
  }
  return blocks
}

/** The parts of an assignment between its `=`, targets first, the value last; each is a list as it may be a tuple. */
export function sidesOf(assignment: Node): Node[][] {
  const sides: Node[][] = [[]]
  for (const part of assignment.parts) {
    if (part === '=') sides.push([])
    else if (typeof part !== 'string' && part.kind !== 'TypeDef') sides.at(-1)?.push(part)
  }
  return sides
}

/** The one name and the one value of `name = value`; undefined for any other statement. */
export function plainAssignment(node: Node): { name: string; value: Node } | undefined {
  if (node.kind !== 'AssignStatement' || node.parts.includes(',')) return undefined
  const [targets, values, more] = sidesOf(node)
  const [target, value] = [targets?.[0], values?.[0]]
  return more === undefined && target?.kind === 'VariableName' && value !== undefined
    ? { name: target.text, value }
    : undefined
}

/** A call with what is called, as `name` or `.method`, the owner of a method, and its arguments. */
export interface Call {
  name: string
  owner: Node | undefined
  args: Node[]
}

/** Undefined for what is no call, and for calls of other things than names and methods. */
export function callOf(node: Node | undefined): Call | undefined {
  if (node?.kind !== 'CallExpression') return undefined
  const [called, list] = node.children
  const args = list?.children ?? []
  if (called?.kind === 'VariableName') return { name: called.text, owner: undefined, args }
  if (called?.kind !== 'MemberExpression' || called.parts[1] !== '.') return undefined
  return { name: `.${called.children[1]?.text}`, owner: called.children[0], args }
}

/** The operator of a BinaryExpression with its sides: `==`, `in`, `not in`, `is not`, `and`, ... */
export function binaryOf(node: Node): { operator: string; left: Node; right: Node } | undefined {
  const [left, right] = node.children
  if (node.kind !== 'BinaryExpression' || left === undefined || right === undefined) return undefined
  return { operator: node.parts.filter(part => typeof part === 'string').join(' '), left, right }
}

const quoted = /^(['"])([^'"\\\n]*)\1$/

/** A text that is equal for equal syntax trees: without formatting, comments and the kind of quotes. */
export function shapeOf(node: Node, leaf: (node: Node) => string = leafOf): string {
  const own = leaf(node)
  if (node.parts.length === 0 || node.kind === 'FormatString') return own
  // A comma after the last item says nothing, except in a tuple of one.
  const parts = node.parts.filter((part, at) => !(part === ',' && endsAt(node.parts, at) && node.parts.length > 4))
  return `${node.kind}<${parts.map(part => (typeof part === 'string' ? part : shapeOf(part, leaf))).join(' ')}>`
}

const endsAt = (parts: Node['parts'], at: number): boolean => {
  const next = parts[at + 1]
  return next === undefined || next === ')' || next === ']' || next === '}'
}

const leafOf = (node: Node): string => (node.kind === 'String' ? node.text.replace(quoted, "'$2'") : node.text)

/** The source of a node on one line. */
export const codeOf = (source: string, { from, to }: Pick<Node, 'from' | 'to'>): string =>
  source.slice(from, to).replaceAll(/\s+/g, ' ')

/** Names that a node stores: assigned, looped over, defined, imported, or given to it by `as`. */
export function storedNames(nodes: Iterable<Node>): Set<string> {
  const names = new Set<string>()
  for (const node of nodes) if (node.kind === 'VariableName' && node.role === 'stored') names.add(node.text)
  return names
}

/** Whether a text is used as a name anywhere in it. */
export function mentions(node: Node, name: string): boolean {
  for (const inner of within(node)) if (inner.kind === 'VariableName' && inner.text === name) return true
  return false
}
