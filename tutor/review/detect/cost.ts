import type { Node } from '../tree.ts'
import {
  around,
  binaryOf,
  callOf,
  codeOf,
  isLoop,
  mentions,
  ownNodes,
  plainAssignment,
  scopeOf,
  within,
} from '../syntax.ts'
import { changedNames, ownerName } from './changes.ts'
import type { Detector } from './found.ts'

/** The loops around a node whose body it stands in, from the inside. */
const loopsAround = (node: Node): Node[] =>
  [...around(node)].filter(
    loop => isLoop(loop) && loop.children.some(part => part.kind === 'Body' && part.from <= node.from),
  )

/** What a name is given in a scope: every value, where all of them are plain assignments. */
function valuesOf(scope: Node, name: string): Node[] {
  const values: Node[] = []
  for (const node of ownNodes(scope)) {
    const assigned = plainAssignment(node)
    if (assigned?.name === name) values.push(assigned.value)
  }
  return values
}

const makesList = (value: Node): boolean => {
  const call = callOf(value)
  return (
    value.kind === 'ArrayExpression' ||
    value.kind === 'ArrayComprehensionExpression' ||
    (call !== undefined && ['list', 'sorted', '.split', '.splitlines', '.readlines'].includes(call.name))
  )
}
const isEmptyList = (value: Node): boolean =>
  (value.kind === 'ArrayExpression' && value.children.length === 0) ||
  (callOf(value)?.name === 'list' && callOf(value)?.args.length === 0)

/** Whether a name is a list that grows in a loop, or was made from something of unknown length. */
function isLongList(scope: Node, name: string): boolean {
  const values = valuesOf(scope, name)
  if (values.length === 0 || !values.every(makesList)) return false
  const grows = [...ownNodes(scope)].some(node => {
    const call = callOf(node)
    return call?.name === '.append' && ownerName(call.owner) === name && loopsAround(node).length > 0
  })
  return grows || values.some(value => !isEmptyList(value) && value.kind !== 'ArrayExpression')
}

/** `in` a list, in a loop. */
export const searchInLoop: Detector = function* ({ nodes }) {
  for (const node of nodes) {
    const search = node.kind === 'BinaryExpression' ? binaryOf(node) : undefined
    if (search === undefined || !/^(?:not )?in$/.test(search.operator) || search.right.kind !== 'VariableName') continue
    const name = search.right.text
    const [loop] = loopsAround(node)
    if (loop === undefined || storedIn(loop, name) || !isLongList(scopeOf(node), name)) continue
    yield { rule: 'search-in-loop', at: node, params: { name } }
  }
}

/** Whether a loop gives a name another value in each turn. */
const storedIn = (loop: Node, name: string): boolean =>
  [...within(loop)].some(node => node.kind === 'VariableName' && node.role === 'stored' && node.text === name)

/** Whether a loop goes through a collection itself, or what was made of it: then both grow together. */
const goesThrough = (loop: Node, name: string): boolean =>
  loop.children.some(
    part => part.kind !== 'Body' && part.role !== 'stored' && !isItem(loop, part) && mentions(part, name),
  )

/** The item of a comprehension stands before its `for`. */
const isItem = ({ parts }: Node, part: Node): boolean => parts.indexOf(part) < parts.indexOf('for')

const hasLiteral = (node: Node | undefined): boolean => node?.kind === 'String' || node?.kind === 'Number'

/** `items.count(item)` for items that stay as they are, in a loop or comprehension. */
export const countInLoop: Detector = function* ({ nodes }) {
  for (const node of nodes) {
    const call = callOf(node)
    if (call?.name !== '.count' || call.owner?.kind !== 'VariableName' || call.args.length !== 1) continue
    const name = call.owner.text
    const turns = [...around(node)].find(outer => isLoop(outer) || /Comprehension/.test(outer.kind))
    if (turns === undefined || hasLiteral(call.args[0]) || changedNames(turns).has(name) || !goesThrough(turns, name))
      continue
    yield { rule: 'count-in-loop', at: node, params: { name } }
  }
}

export const insertAtStart: Detector = function* ({ nodes }) {
  for (const node of nodes) {
    const call = callOf(node)
    if (call?.name !== '.insert' || call.args.length !== 2 || call.args[0]?.text !== '0') continue
    if (loopsAround(node).length > 0) yield { rule: 'insert-at-start', at: node, params: {} }
  }
}

/** `sorted(items)` or `items.sort()` in a loop that changes nothing in `items`. */
export const sortInLoop: Detector = function* ({ nodes }) {
  for (const node of nodes) {
    const call = callOf(node)
    const sorted = call?.name === 'sorted' ? call.args[0] : call?.name === '.sort' ? call.owner : undefined
    const [loop] = loopsAround(node)
    if (sorted?.kind !== 'VariableName' || loop === undefined) continue
    const changes = [...within(loop)].some(
      inner =>
        inner !== node &&
        !(callOf(inner)?.name === '.sort' && ownerName(callOf(inner)?.owner) === sorted.text) &&
        inner.parent === loop.children.at(-1) &&
        changedNames(inner).has(sorted.text) &&
        !(inner.kind === 'ExpressionStatement' && inner.children[0] === node),
    )
    if (!changes && !storedIn(loop, sorted.text))
      yield { rule: 'sort-in-loop', at: node, params: { name: sorted.text } }
  }
}

const summaries = new Set(['sum', 'max', 'min', 'set'])

/** `max(items)` and the like of items that stay as they are, in a loop. */
export const repeatedCall: Detector = function* ({ nodes, source }) {
  for (const node of nodes) {
    const call = callOf(node)
    const [argument] = call?.args ?? []
    if (call === undefined || !summaries.has(call.name) || call.args.length !== 1 || argument?.kind !== 'VariableName')
      continue
    const [loop] = loopsAround(node)
    if (loop === undefined || changedNames(loop).has(argument.text)) continue
    yield { rule: 'repeated-call', at: node, params: { call: codeOf(source, node) } }
  }
}

/** `text += ...` in a loop, for a name that begins as a text. */
export const textInLoop: Detector = function* ({ nodes }) {
  for (const node of nodes) {
    const assigned = plainAssignment(node)
    const sum = assigned === undefined ? undefined : binaryOf(assigned.value)
    const isSum = sum?.operator === '+' && sum.left.text === assigned?.name
    const target =
      node.kind === 'UpdateStatement' && node.parts[1] === '+='
        ? node.children[0]?.text
        : isSum
          ? assigned?.name
          : undefined
    const [loop] = loopsAround(node)
    if (target === undefined || loop === undefined) continue
    const begins = valuesOf(scopeOf(node), target).filter(value => value.from < loop.from)
    if (begins.length > 0 && begins.every(value => value.kind === 'String'))
      yield { rule: 'text-in-loop', at: node, params: {} }
  }
}
