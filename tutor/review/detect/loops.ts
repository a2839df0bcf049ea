import type { Node, Program } from '../tree.ts'
import {
  around,
  binaryOf,
  callOf,
  codeOf,
  isLoop,
  mentions,
  namesIn,
  ownNodes,
  plainAssignment,
  scopeOf,
  within,
} from '../syntax.ts'
import { changedNames } from './changes.ts'
import type { Detector, Found } from './found.ts'
import type { Edit } from '../edit.ts'

/** `for i in range(len(items))`, where `i` only looks up `items[i]`, or stands for more. */
export const rangeLen: Detector = function* ({ nodes, source }) {
  for (const loop of nodes) {
    if (loop.kind !== 'ForStatement' || loop.parts[2] !== 'in') continue
    const [index, range, body] = loop.children
    const sequence = lengthOf(callOf(range))
    if (index?.kind !== 'VariableName' || sequence === undefined || range === undefined || body === undefined) continue
    const uses = [...within(body)].filter(node => node.kind === 'VariableName' && node.text === index.text)
    const lookups = uses.map(use => lookupOf(use, sequence.text)).filter(node => node !== undefined)
    if (lookups.length === 0 || changedNames(body).has(sequence.text) || usedAfter(loop, index.text)) continue
    if (lookups.some(isTarget) || uses.some(use => use.role === 'stored')) continue
    const params = { index: index.text, sequence: sequence.text }
    if (lookups.length < uses.length) {
      const plain = uses.length - lookups.length
      if (plain > 0) yield { rule: 'range-len-enumerate', at: head(loop), params, edits: enumerated(loop, lookups) }
      continue
    }
    const item = itemName(sequence.text, loop)
    const edits = [
      { from: index.from, to: index.to, text: item },
      { from: range.from, to: range.to, text: sequence.text },
      ...lookups.map(({ from, to }) => ({ from, to, text: item })),
    ]
    yield { rule: 'range-len', at: head(loop), params, edits }
  }

  function enumerated(loop: Node, lookups: readonly Node[]): Edit[] {
    const [index, range] = loop.children
    const sequence = lengthOf(callOf(range))
    if (index === undefined || range === undefined || sequence === undefined) return []
    const item = itemName(sequence.text, loop)
    return [
      { from: index.to, to: index.to, text: `, ${item}` },
      { from: range.from, to: range.to, text: `enumerate(${codeOf(source, sequence)})` },
      ...lookups.map(({ from, to }) => ({ from, to, text: item })),
    ]
  }
}

/** The name in `range(len(name))`, also with a first 0. */
function lengthOf(call: ReturnType<typeof callOf>): Node | undefined {
  if (call?.name !== 'range' || call.args.length > 2) return undefined
  if (call.args.length === 2 && call.args[0]?.text !== '0') return undefined
  const length = callOf(call.args.at(-1))
  const sequence = length?.args[0]
  return length?.name === 'len' && sequence?.kind === 'VariableName' ? sequence : undefined
}

/** The `sequence[index]` that a use of the index stands in. */
function lookupOf(use: Node, sequence: string): Node | undefined {
  const lookup = use.parent
  if (lookup?.kind !== 'MemberExpression' || lookup.parts.length !== 4 || lookup.parts[1] !== '[') return undefined
  return lookup.children[0]?.text === sequence && lookup.children[1] === use ? lookup : undefined
}

const isTarget = (node: Node): boolean => {
  const { parent } = node
  if (parent?.kind === 'AssignStatement') return parent.children.at(-1) !== node
  return (parent?.kind === 'UpdateStatement' || parent?.kind === 'DeleteStatement') && parent.children[0] === node
}

const usedAfter = (loop: Node, name: string): boolean =>
  [...ownNodes(scopeOf(loop))].some(
    node => node.kind === 'VariableName' && node.text === name && node.from >= loop.to && node.role === 'read',
  )

/** `prices` holds a `price`; a name that is taken or too short becomes `item`. */
function itemName(sequence: string, loop: Node): string {
  const singular = /^[a-z_]{3,}[^s]s$/.test(sequence) ? sequence.slice(0, -1) : 'item'
  const keywords = new Set(['is', 'as', 'pas', 'clas'])
  const taken = (name: string): boolean => keywords.has(name) || namesIn(scopeOf(loop)).has(name)
  return [singular, 'item', `${singular}_item`, 'one_item'].find(name => !taken(name)) ?? `${sequence}_item`
}

const head = (loop: Node): Pick<Node, 'from' | 'to'> => ({
  from: loop.from,
  to: loop.children.find(child => child.kind === 'Body')?.from ?? loop.to,
})

/** `i = 0`, `while i < end:`, `i += 1` as the last line: a `for` loop over a `range`. */
export const whileCounter: Detector = function* (program) {
  for (const loop of program.nodes) {
    const [test, body] = loop.children
    if (loop.kind !== 'WhileStatement' || test === undefined || body === undefined) continue
    const comparison = binaryOf(test)
    const counter = comparison?.left
    if (comparison === undefined || counter?.kind !== 'VariableName' || !/^<=?$/.test(comparison.operator)) continue
    const start = startOf(loop, counter.text)
    const step = body.children.at(-1)
    if (start === undefined || step === undefined || !countsUp(step, counter.text)) continue
    if (!isSteady(comparison.right, body) || isTouched(body, step, counter.text)) continue
    const found = { rule: 'while-counter', at: head(loop), params: { counter: counter.text } }
    yield usedAfter(loop, counter.text) ? found : { ...found, edits: forLoop(program, loop, start, step) }
  }
}

/** The statement `counter = number` right before a loop. */
function startOf(loop: Node, counter: string): Node | undefined {
  const siblings = loop.parent?.children ?? []
  const before = siblings.slice(0, siblings.indexOf(loop)).toReversed()
  const start = before.find(node => plainAssignment(node)?.name === counter)
  const between = start === undefined ? [] : before.slice(0, before.indexOf(start))
  const isPlain = between.every(node => plainAssignment(node) !== undefined && !mentions(node, counter))
  return start !== undefined && isPlain && plainAssignment(start)?.value.kind === 'Number' ? start : undefined
}

function countsUp(step: Node, counter: string): boolean {
  if (step.kind === 'UpdateStatement')
    return step.children[0]?.text === counter && step.parts[1] === '+=' && step.children[1]?.text === '1'
  const assigned = plainAssignment(step)
  const sum = assigned?.name === counter ? binaryOf(assigned.value) : undefined
  return sum?.operator === '+' && sum.left.text === counter && sum.right.text === '1'
}

/** Whether the end of the loop is the same in every turn: a number, a name, or `len(name)` that nothing changes. */
function isSteady(end: Node, body: Node): boolean {
  const name = end.kind === 'VariableName' ? end : callOf(end)?.name === 'len' ? callOf(end)?.args[0] : undefined
  return end.kind === 'Number' || (name?.kind === 'VariableName' && !changedNames(body).has(name.text))
}

/** Whether the counter is changed elsewhere, or a turn may end before it counts. */
const isTouched = (body: Node, step: Node, counter: string): boolean =>
  body.children.some(
    statement =>
      statement !== step &&
      [...within(statement)].some(
        node =>
          node.kind === 'ContinueStatement' ||
          (node.kind === 'VariableName' && node.text === counter && node.role === 'stored'),
      ),
  )

function forLoop({ source }: Program, loop: Node, start: Node, step: Node): Edit[] {
  const test = loop.children[0]
  const comparison = test === undefined ? undefined : binaryOf(test)
  const first = plainAssignment(start)?.value.text
  if (comparison === undefined || first === undefined || test === undefined) return []
  const end = codeOf(source, comparison.right)
  const last =
    comparison.operator === '<' ? end : comparison.right.kind === 'Number' ? `${Number(end) + 1}` : `${end} + 1`
  const range = first === '0' ? `range(${last})` : `range(${first}, ${last})`
  const between = source.slice(loop.from, test.from)
  const body = loop.children[1]
  if (!/^while\s*$/.test(between) || body === undefined || body.children.length < 2) return []
  return [
    wholeLine(source, start),
    { from: loop.from, to: test.to, text: `for ${comparison.left.text} in ${range}` },
    wholeLine(source, step),
  ]
}

/** Takes a statement out with its line. */
function wholeLine(source: string, { from, to }: Node): Edit {
  const end = source.indexOf('\n', to)
  return { from: source.lastIndexOf('\n', from - 1) + 1, to: end < 0 ? source.length : end + 1, text: '' }
}

/** `kept = a`, `a = b`, `b = kept`. */
export const swap: Detector = function* ({ nodes, source }) {
  for (const first of nodes) {
    const siblings = first.parent?.children ?? []
    const at = siblings.indexOf(first)
    const [second, third] = [siblings[at + 1], siblings[at + 2]]
    const kept = plainAssignment(first)
    if (kept === undefined || second?.kind !== 'AssignStatement' || third?.kind !== 'AssignStatement') continue
    const [a, b] = [codeOf(source, kept.value), second.children[1]]
    const isSwap =
      second.children.length === 2 &&
      third.children.length === 2 &&
      b !== undefined &&
      codeOf(source, second.children[0] ?? first) === a &&
      codeOf(source, third.children[0] ?? first) === codeOf(source, b) &&
      third.children[1]?.text === kept.name
    if (!isSwap || usedAfter(third, kept.name)) continue
    const other = codeOf(source, b)
    yield {
      rule: 'swap',
      at: { from: first.from, to: third.to },
      params: {},
      edits: [{ from: first.from, to: third.to, text: `${a}, ${other} = ${other}, ${a}` }],
    } satisfies Found
  }
}

/** `total = total + price`. */
export const selfUpdate: Detector = function* ({ nodes, source }) {
  for (const node of nodes) {
    const assigned = plainAssignment(node)
    const sum = assigned === undefined ? undefined : binaryOf(assigned.value)
    if (assigned === undefined || sum === undefined || !/^(?:[-+*/%]|\/\/|\*\*)$/.test(sum.operator)) continue
    if (sum.left.text !== assigned.name || assigned.name === '' || sum.right.kind === 'ArrayExpression') continue
    const text = `${assigned.name} ${sum.operator}= ${source.slice(sum.right.from, sum.right.to)}`
    const inLoop = [...around(node)].some(isLoop)
    if (inLoop || sum.right.kind === 'Number')
      yield {
        rule: 'self-update',
        at: node,
        params: { name: assigned.name, operator: sum.operator },
        edits: [{ from: node.from, to: node.to, text }],
      }
  }
}
