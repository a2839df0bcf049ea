import type { Node, Program } from '../tree.ts'
import { blocksOf, isFunction, nameOf, ownNodes, within } from '../syntax.ts'
import type { Detector } from './found.ts'

/**
 * How hard a function or the program itself is to follow. `cyclomatic` is McCabe's number of independent ways through it
 * (1976); `cognitive` adds 1 for each break of the straight way and 1 more for each block that it stands in, and 1 for
 * each run of `and` or `or` (Campbell, "Cognitive Complexity", 2018). `depth` is the number of blocks inside one another.
 */
export interface Complexity {
  cyclomatic: number
  cognitive: number
  depth: number
  /** The innermost block of the deepest nesting. */
  deepest: Node | undefined
}

const breaking = new Set(['IfStatement', 'ForStatement', 'WhileStatement', 'MatchStatement', 'ConditionalExpression'])
const nesting = new Set([...breaking, 'TryStatement'])
nesting.delete('ConditionalExpression')

/** The complexity of what belongs to a function or program itself. */
export function complexityOf(scope: Node): Complexity {
  const result: Complexity = { cyclomatic: 1, cognitive: 0, depth: 0, deepest: undefined }
  const visit = (node: Node, depth: number): void => {
    count(node, depth, result)
    const inner = nesting.has(node.kind) ? depth + 1 : depth
    if (inner > result.depth) Object.assign(result, { depth: inner, deepest: node })
    for (const child of node.children)
      if (!/^(?:FunctionDefinition|ClassDefinition)$/.test(child.kind))
        visit(child, child.kind === 'Body' ? inner : depth)
  }
  for (const child of scope.children) if (!/^(?:FunctionDefinition|ClassDefinition)$/.test(child.kind)) visit(child, 0)
  return result
}

function count(node: Node, depth: number, result: Complexity): void {
  if (breaking.has(node.kind)) result.cognitive += 1 + depth
  const blocks = node.kind === 'IfStatement' || node.kind === 'TryStatement' ? blocksOf(node) : []
  for (const { word } of blocks) {
    if (word === 'elif' || word === 'except') result.cyclomatic += 1
    if (word === 'elif' || word === 'else') result.cognitive += 1
    if (word === 'except') result.cognitive += 1 + depth
  }
  if (breaking.has(node.kind)) result.cyclomatic += 1
  if (node.kind === 'MatchClause') result.cyclomatic += 1
  if (/Comprehension/.test(node.kind)) result.cyclomatic += node.parts.filter(part => part === 'if').length
  if (node.kind !== 'BinaryExpression') return
  const word = node.parts.find(part => part === 'and' || part === 'or')
  if (word === undefined) return
  result.cyclomatic += 1
  if (!(node.parent?.kind === 'BinaryExpression' && node.parent.parts.includes(word))) result.cognitive += 1
}

const limits = { cyclomatic: 12, cognitive: 18, depth: 4, statements: 35 } as const

const scopesOf = ({ root, nodes }: Program): Node[] => [root, ...nodes.filter(isFunction)]

/** Blocks inside one another, five deep. */
export const deepNesting: Detector = function* (program) {
  for (const scope of scopesOf(program)) {
    const { depth, deepest } = complexityOf(scope)
    if (depth > limits.depth && deepest !== undefined) yield { rule: 'deep-nesting', at: deepest, params: { depth } }
  }
}

export const complexFunction: Detector = function* ({ nodes }) {
  for (const node of nodes.filter(isFunction)) {
    const { cyclomatic, cognitive } = complexityOf(node)
    if (cognitive <= limits.cognitive && cyclomatic <= limits.cyclomatic) continue
    yield {
      rule: 'complex-function',
      at: node,
      params: { function: nameOf(node), decisions: cyclomatic - 1, cognitive },
    }
  }
}

export const isStatement = (node: Node): boolean => node.parent?.kind === 'Body' || node.parent?.kind === 'Script'

export const longFunction: Detector = function* ({ nodes }) {
  for (const node of nodes.filter(isFunction)) {
    const lines = [...ownNodes(node)].filter(isStatement).length
    if (lines > limits.statements) yield { rule: 'long-function', at: node, params: { function: nameOf(node), lines } }
  }
}

const minTokens = 13
const minStatements = 3

/** Three or more statements in a row that stand twice, with other constants at most. */
export const repeatedCode: Detector = function* (program) {
  const runs = new Map<string, Node>()
  const told = new Set<Node>()
  for (const block of program.nodes) {
    if (block.kind !== 'Body' && block.kind !== 'Script') continue
    const statements = block.children.filter(
      ({ kind }) => !/^(?:ImportStatement|FunctionDefinition|ClassDefinition)$/.test(kind),
    )
    const shapes = statements.map(shapeWithoutConstants)
    for (let at = 0; at + minStatements <= statements.length; at += 1) {
      const here = statements.slice(at, at + minStatements)
      const [first, last] = [here[0], here.at(-1)]
      if (first === undefined || last === undefined || here.reduce((sum, one) => sum + sizeOf(one), 0) < minTokens)
        continue
      const shape = shapes.slice(at, at + minStatements).join('\n')
      const earlier = runs.get(shape)
      if (earlier === undefined || earlier.to > first.from) {
        runs.set(shape, earlier ?? first)
        continue
      }
      if (told.has(earlier)) continue
      told.add(earlier)
      const place = { from: first.from, to: last.to }
      yield { rule: 'repeated-code', at: place, params: { steps: minStatements }, also: earlier }
      break
    }
  }
}

const sizeOf = (node: Node): number => [...within(node)].filter(({ children }) => children.length === 0).length

function shapeWithoutConstants(node: Node): string {
  if (/^(?:String|Number)$/.test(node.kind)) return node.kind
  if (node.kind === 'FormatString') return node.text
  if (node.parts.length === 0) return node.text
  return `${node.kind}<${node.parts.map(part => (typeof part === 'string' ? part : shapeWithoutConstants(part))).join(' ')}>`
}
