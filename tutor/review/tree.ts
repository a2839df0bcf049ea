import { parser } from '@lezer/python'
import type { TreeCursor } from '@lezer/common'

/** What a name is for where it stands. */
export type Role = 'read' | 'stored' | 'parameter' | 'keyword'

/**
 * One node of a program's syntax tree, named as `@lezer/python` names it. Comments, parentheses and the grouping of
 * statements by semicolons are not in it. `parts` are its nodes and words (keywords, operators, brackets) in order;
 * `text` is set for a leaf and an f-string, `role` for a name. `from` and `to` are offsets into the source.
 */
export interface Node {
  kind: string
  parts: (Node | string)[]
  children: Node[]
  parent: Node | undefined
  text: string
  role: Role
  from: number
  to: number
}

/** A program that parses: its text and all nodes of its tree in the order of the text, the root first. */
export interface Program {
  source: string
  root: Node
  nodes: readonly Node[]
  /** The line of an offset, counted from 1. */
  lineAt(offset: number): number
}

/** Their parts are those of the node around them. */
const transparent = new Set(['StatementGroup', 'DecoratedStatement', 'ParenthesizedExpression'])
const skipped = new Set(['Comment', '(', ')'])
const keepsBrackets = new Set(['TupleExpression', 'ArgList'])
const operator = /^(?:\w+Op|At)$/

/** The tree of a program; undefined where the grammar of `@lezer/python` does not know what Python knows. */
export function treeOf(source: string): Program | undefined {
  const nodes: Node[] = []
  const newNode = (cursor: TreeCursor, parent: Node | undefined): Node => {
    const { name: kind, from, to } = cursor
    const node: Node = { kind, parts: [], children: [], parent, text: '', role: 'read', from, to }
    nodes.push(node)
    return node
  }
  // A form feed is a blank to Python.
  const cursor = parser.parse(source.replaceAll('\f', ' ')).cursor()
  const root = newNode(cursor, undefined)
  const whole = readInto(root, cursor, source, newNode)
  return whole ? { source, root, nodes, lineAt: lineFinder(source) } : undefined
}

/** Reads what is beneath the cursor into a node; false when there is an error in it. */
function readInto(
  node: Node,
  cursor: TreeCursor,
  source: string,
  newNode: (cursor: TreeCursor, parent: Node) => Node,
): boolean {
  if (!cursor.firstChild()) return true
  do {
    const { name } = cursor
    if (cursor.type.isError) {
      // The grammar does not know a `yield` without a value, and reads on as if there were one.
      if (cursor.from === cursor.to && node.kind.startsWith('Yield')) continue
      return false
    }
    if (skipped.has(name) && !keepsBrackets.has(node.kind)) continue
    if (name === 'Comment') continue
    if (operator.test(name) || !/^[A-Z]/.test(name)) node.parts.push(source.slice(cursor.from, cursor.to))
    else if (transparent.has(name)) {
      if (!readInto(node, cursor, source, newNode)) return false
    } else {
      const child = newNode(cursor, node)
      node.parts.push(child)
      node.children.push(child)
      // Escapes are parts of a text in the grammar; what stands between them is not.
      if (child.kind !== 'String' && !readInto(child, cursor, source, newNode)) return false
      if (child.parts.length === 0 || child.kind === 'FormatString') child.text = source.slice(cursor.from, cursor.to)
      if (child.kind === 'VariableName') child.role = roleIn(node)
    }
  } while (cursor.nextSibling())
  cursor.parent()
  markTargets(node)
  return true
}

/** The names before `=`, between `for` and `in`, or before `:=` are stored; in a call they are those of parameters. */
function markTargets(node: Node): void {
  const { kind, parts } = node
  const mark = (part: Node | string | undefined, role: Role): void => {
    if (typeof part === 'object' && part.kind === 'VariableName') part.role = role
    if (typeof part === 'object' && /^(?:Tuple|Array)Expression$/.test(part.kind))
      part.parts.forEach(one => mark(one, role))
  }
  if (kind === 'ArgList') parts.forEach((part, at) => parts[at + 1] === '=' && mark(part, 'keyword'))
  if (kind === 'AssignStatement') {
    const last = Math.max(
      parts.lastIndexOf('='),
      parts.findIndex(part => typeof part === 'object' && part.kind === 'TypeDef'),
    )
    parts.slice(0, last).forEach(part => mark(part, 'stored'))
  }
  if (kind === 'UpdateStatement' || kind === 'NamedExpression' || kind === 'DeleteStatement')
    mark(kind === 'DeleteStatement' ? parts[1] : parts[0], 'stored')
  let looping = false
  for (const part of parts) {
    if (part === 'for') looping = true
    if (part === 'in') looping = false
    if (looping) mark(part, 'stored')
  }
}

/** The role of a name that was just read as the last part of `parent`, as far as what stands before it decides. */
function roleIn(parent: Node): Role {
  const before = parent.parts.at(-2)
  switch (parent.kind) {
    case 'FunctionDefinition':
    case 'ClassDefinition':
      return before === 'def' || before === 'class' ? 'stored' : 'read'
    case 'ParamList':
    case 'LambdaExpression':
      return before === '=' || before === ':' ? 'read' : 'parameter'
    case 'ImportStatement':
    case 'ScopeStatement':
    case 'CapturePattern':
      return 'stored'
    default:
      return before === 'as' ? 'stored' : 'read'
  }
}

function lineFinder(source: string): (offset: number) => number {
  const starts = [0, ...[...source.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)]
  return offset => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}
