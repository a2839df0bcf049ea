import type { Node } from '../tree.ts'
import { binaryOf, blocksOf, codeOf, shapeOf, within } from '../syntax.ts'
import type { Detector } from './found.ts'

const constants = new Set(['String', 'Number'])
const leaving: Readonly<Record<string, string>> = {
  ReturnStatement: '`return`',
  RaiseStatement: '`raise`',
  BreakStatement: '`break`',
  ContinueStatement: '`continue`',
}

/** The conditions of a program: of `if`, `elif`, `while`, and of conditional expressions. */
function* testsOf(nodes: readonly Node[]): Generator<{ test: Node; of: Node }> {
  for (const node of nodes) {
    if (node.kind === 'IfStatement' || node.kind === 'WhileStatement')
      for (const { test } of blocksOf(node)) if (test[0] !== undefined) yield { test: test[0], of: node }
    if (node.kind === 'ConditionalExpression' && node.children[1] !== undefined)
      yield { test: node.children[1], of: node }
  }
}

/** `name == 'a' or 'b'`. */
export const orConstant: Detector = function* ({ nodes, source }) {
  for (const { test } of testsOf(nodes)) {
    for (const node of within(test)) {
      const either = binaryOf(node)
      if (either?.operator !== 'or' || !constants.has(either.right.kind) || !isTruthy(either.right)) continue
      const first = leftmost(either.left)
      if (first === undefined) continue
      const [constant, compared] = [codeOf(source, either.right), codeOf(source, first)]
      yield { rule: 'or-constant', at: node, params: { constant, list: `${compared}, ${constant}` } }
    }
  }
}

/** The constant that the first of several alternatives compares with. */
function leftmost(node: Node): Node | undefined {
  const either = binaryOf(node)
  if (either?.operator === 'or') return leftmost(either.left)
  return either?.operator === '==' ? either.right : undefined
}

const isTruthy = ({ kind, text }: Node): boolean =>
  kind === 'Number' ? Number(text) !== 0 : !/^[a-zA-Z]*(?:''|"")$/.test(text)

const comparing: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
}

/** `if True:`, `if 3 > 2:`; `while True:` is the usual way to loop until a `break`. */
export const constantCondition: Detector = function* ({ nodes }) {
  for (const { test, of } of testsOf(nodes)) {
    const value = constantOf(test)
    if (value === undefined || (of.kind === 'WhileStatement' && value)) continue
    yield { rule: 'constant-condition', at: test, params: { value: value ? 'true' : 'false' } }
  }
}

function constantOf(test: Node): boolean | undefined {
  if (test.kind === 'Boolean') return test.text === 'True'
  if (constants.has(test.kind)) return isTruthy(test)
  const comparison = binaryOf(test)
  if (comparison === undefined) return undefined
  const { operator, left, right } = comparison
  if (left.kind === 'Number' && right.kind === 'Number')
    return comparing[operator]?.(Number(left.text), Number(right.text))
  return undefined
}

/** `if` and `else` with the same block, or the same value. */
export const sameBranches: Detector = function* ({ nodes }) {
  for (const node of nodes) {
    if (node.kind === 'IfStatement') {
      const blocks = blocksOf(node)
      const [first, ...others] = blocks.map(({ body }) => shapeOf(body))
      if (blocks.at(-1)?.word === 'else' && others.every(other => other === first))
        yield { rule: 'same-branches', at: node, params: {} }
    }
    const [first, , other] = node.kind === 'ConditionalExpression' ? node.children : []
    if (first !== undefined && other !== undefined && shapeOf(first) === shapeOf(other))
      yield { rule: 'same-branches', at: node, params: {} }
  }
}

/** What follows on `return`, `raise`, `break` or `continue` in the same block, or on an `if` all of whose ways leave. */
export const unreachable: Detector = function* ({ nodes }) {
  for (const block of nodes) {
    if (block.kind !== 'Body') continue
    const at = block.children.findIndex(statement => leavesBy(statement) !== undefined)
    const [leaves, next] = [block.children[at], block.children[at + 1]]
    if (leaves === undefined || next === undefined || isGenerator(next)) continue
    yield { rule: 'unreachable', at: next, params: { after: leavesBy(leaves) ?? '' } }
  }
}

/** A `yield` that never runs makes a function a generator. */
const isGenerator = (node: Node): boolean => [...within(node)].some(({ kind }) => kind.startsWith('Yield'))

/** The word by which a statement always leaves its block. */
function leavesBy(statement: Node): string | undefined {
  const own = leaving[statement.kind]
  if (own !== undefined || statement.kind !== 'IfStatement') return own
  const blocks = blocksOf(statement)
  if (blocks.at(-1)?.word !== 'else') return undefined
  const ways = blocks.map(({ body }) => body.children.map(leavesBy).find(way => way !== undefined))
  return ways.every(way => way !== undefined) ? '`if`, all of whose ways leave,' : undefined
}

/** `except Exception: pass`. */
export const swallowedError: Detector = function* ({ nodes }) {
  for (const node of nodes) {
    if (node.kind !== 'TryStatement') continue
    for (const { word, test, body } of blocksOf(node)) {
      const isBroad = test.length > 0 && /^(?:Base)?Exception$/.test(test[0]?.text ?? '')
      const doesNothing = body.children.every(({ kind }) => kind === 'PassStatement')
      if (word === 'except' && isBroad && doesNothing)
        yield { rule: 'swallowed-error', at: test[0] ?? body, params: {} }
    }
  }
}

const computed = new Set(['BinaryExpression', 'UnaryExpression', 'ConditionalExpression', 'VariableName', 'Number'])

/** A statement that is only a value, or the name of a method without a call. */
export const lostValue: Detector = function* ({ nodes, source }) {
  for (const node of nodes) {
    const [value] = node.kind === 'ExpressionStatement' && node.children.length === 1 ? node.children : []
    // In a `try` it may ask whether a name is there.
    if (node.parent?.parent?.kind === 'TryStatement') continue
    if (value === undefined || [...within(value)].some(({ kind }) => /^(?:Call|Await|Named|Yield)/.test(kind))) continue
    if (value.kind === 'MemberExpression' && value.parts[1] === '.')
      yield { rule: 'not-called', at: node, params: { name: codeOf(source, value) } }
    // A comparison is B015's.
    const { operator = '' } = binaryOf(value) ?? {}
    if (computed.has(value.kind) && !/^(?:[<>=!]=?|(?:not )?in|is(?: not)?|and|or)$/.test(operator))
      yield { rule: 'lost-value', at: node, params: {} }
  }
}
