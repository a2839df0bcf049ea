import type { Node } from '../tree.ts'
import { around, callOf, isFunction, nameOf, ownNodes, plainAssignment, scopeOf, within } from '../syntax.ts'
import type { Detector } from './found.ts'

/** A print in a function of the task that returns its result. */
export const debugPrint: Detector = function* ({ nodes }, { returning }) {
  for (const node of nodes) {
    if (callOf(node)?.name !== 'print' || node.parent?.kind !== 'ExpressionStatement') continue
    const scope = scopeOf(node)
    const returns = [...ownNodes(scope)].some(({ kind, children }) => kind === 'ReturnStatement' && children.length > 0)
    if (isFunction(scope) && returning.has(nameOf(scope)) && returns)
      yield { rule: 'debug-print', at: node, params: { function: nameOf(scope) } }
  }
}

/** Small whole numbers, and those that everybody reads. */
const isPlain = (text: string): boolean => /^1?\d$/.test(text) || plainNumbers.has(text)
const plainNumbers = new Set(['100', '1000', '0.0', '1.0', '0.5', '60', '24'])

/** The same number in three places, outside of constants, lists of data and indices. */
export const magicNumber: Detector = function* ({ nodes }) {
  const numbers = nodes.filter(node => node.kind === 'Number' && !isPlain(node.text) && !isData(node))
  for (const [number, places] of Map.groupBy(numbers, ({ text }) => text)) {
    const [first] = places
    if (first !== undefined && places.length >= 3)
      yield { rule: 'magic-number', at: first, params: { number, times: places.length } }
  }
}

const isData = (node: Node): boolean =>
  [...around(node)].some(
    outer =>
      /^(?:Array|Dictionary|Tuple|Set|Member)Expression$|^(?:ArgList|ParamList|MatchClause)$/.test(outer.kind) ||
      plainAssignment(outer) !== undefined,
  )

const keywordBefore = /\b(if|elif|while|return)\s*\($/

/** `if (x > 3):`, `return (x)`, where the parentheses stand around the whole and on one line. */
export const needlessParentheses: Detector = function* ({ nodes, source }) {
  for (const node of nodes) {
    if (!/^(?:If|While|Return)Statement$/.test(node.kind)) continue
    for (const child of node.children) {
      if (child.kind === 'Body' || child.kind === 'TupleExpression' || child.kind === 'NamedExpression') continue
      const keyword = keywordBefore.exec(source.slice(Math.max(0, child.from - 12), child.from))?.[1]
      const rest = source.slice(child.to, child.to + 40)
      const closes = node.kind === 'ReturnStatement' ? /^[ \t]*\)[ \t]*(?:\r?\n|$|#)/ : /^[ \t]*\)[ \t]*:/
      if (keyword === undefined || !closes.test(rest) || source.slice(child.from, child.to).includes('\n')) continue
      if (child.kind === 'GeneratorExpression' || child.kind.startsWith('Yield')) continue
      const opening = source.lastIndexOf('(', child.from - 1)
      const closing = child.to + rest.indexOf(')')
      const space = /\s/.test(source[opening - 1] ?? '') ? '' : ' '
      yield {
        rule: 'needless-parentheses',
        at: child,
        params: { keyword },
        edits: [
          { from: opening, to: opening + 1, text: space },
          { from: closing, to: closing + 1, text: '' },
        ],
      }
    }
  }
}

/** Parameters that a function at the top, which is only called, never uses. */
export const unusedParameter: Detector = function* ({ root, nodes }, { givenNames }) {
  for (const definition of root.children.filter(isFunction)) {
    const name = nameOf(definition)
    const inside = [...within(definition)].filter(({ kind }) => kind === 'VariableName')
    const read = new Set(
      inside
        .filter(({ role, parent }) => role === 'read' || parent?.kind === 'UpdateStatement')
        .map(({ text }) => text),
    )
    const isValue = nodes.some(
      node => node.text === name && node.role === 'read' && node.parent?.kind !== 'CallExpression',
    )
    if (isValue || isStub(definition) || read.has('locals') || read.has('eval')) continue
    for (const parameter of inside.filter(
      ({ role, parent }) => role === 'parameter' && parent?.parent === definition,
    )) {
      if (read.has(parameter.text) || parameter.text.startsWith('_') || givenNames.has(parameter.text)) continue
      yield { rule: 'unused-parameter', at: parameter, params: { function: name, name: parameter.text } }
    }
  }
}

const isStub = (definition: Node): boolean =>
  (definition.children.find(({ kind }) => kind === 'Body')?.children ?? []).every(
    ({ kind, children }) =>
      /^(?:Pass|Raise)Statement$/.test(kind) || /^(?:String|Ellipsis)$/.test(children[0]?.kind ?? ''),
  )
