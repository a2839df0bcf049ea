import type { Node, Program } from '../tree.ts'
import { callOf, isFunction, ownNodes, plainAssignment, scopeOf } from '../syntax.ts'
import type { About, Detector } from './found.ts'

/** Letters that everybody reads: indices, coordinates, numbers, an exception, a file, a key with its value, a text. */
const usual = new Set('i j k n m x y z _ e f a b c d p q r s t v w'.split(' '))
/** As many lines may lie between the first and the last use of a letter. */
const nearLines = 10

/** Single letters that are stored or given to a function, that are not usual or are many, and that live for long. */
export const unclearNames: Detector = function* (program, about) {
  for (const scope of scopesOf(program)) {
    const uses = usesOf(scope, program, about)
    const letters = [...uses].filter(([name, { lines }]) => name.length === 1 && name !== '_' && spanOf(lines) > 1)
    const unusual = letters.filter(([name, { lines }]) => !usual.has(name) && spanOf(lines) >= nearLines)
    const far = letters.filter(([, { lines }]) => spanOf(lines) >= nearLines)
    const shown = far.length >= 4 ? far : unusual
    const [first] = shown
    if (first === undefined) continue
    yield { rule: 'unclear-names', at: first[1].at, params: { names: list(shown.map(([name]) => name)) } }
  }
}

const scopesOf = ({ root, nodes }: Program): Node[] => [root, ...nodes.filter(isFunction)]
const spanOf = (lines: ReadonlySet<number>): number => Math.max(...lines) - Math.min(...lines) + 1
const list = (names: readonly string[]): string =>
  names
    .slice(0, 6)
    .map(name => `\`${name}\``)
    .join(', ')

interface Uses {
  at: Node
  lines: Set<number>
}

/** The names that a scope stores, where the first of each stands, and the lines that use it; not what the task gives. */
function usesOf(scope: Node, { lineAt }: Program, { givenNames }: About): Map<string, Uses> {
  const uses = new Map<string, Uses>()
  const names = [...ownNodes(scope)].filter(node => node.kind === 'VariableName' && node.role !== 'keyword')
  for (const node of names)
    if ((node.role === 'stored' || node.role === 'parameter') && !givenNames.has(node.text) && !uses.has(node.text))
      uses.set(node.text, { at: node, lines: new Set() })
  // The line within the scope's own statements, so that blank lines and comments do not count.
  const statements = [...new Set(names.map(node => lineAt(statementOf(node).from)))].toSorted((a, b) => a - b)
  for (const node of names) uses.get(node.text)?.lines.add(statements.indexOf(lineAt(statementOf(node).from)))
  return uses
}

function statementOf(node: Node): Node {
  let inner = node
  while (inner.parent !== undefined && inner.parent.kind !== 'Body' && inner.parent.kind !== 'Script')
    inner = inner.parent
  return inner
}

/** `number1`, `number2`, `number3`, `number4`. */
export const numberedNames: Detector = function* (program, about) {
  for (const scope of scopesOf(program)) {
    const stems = Map.groupBy(
      [...usesOf(scope, program, about)].filter(([name]) => /^[a-z][a-zA-Z_]+?\d+$/.test(name)),
      ([name]) => name.replace(/\d+$/, ''),
    )
    for (const numbered of stems.values()) {
      const [first] = numbered
      if (first !== undefined && numbered.length >= 4)
        yield { rule: 'numbered-names', at: first[1].at, params: { names: list(numbered.map(([name]) => name)) } }
    }
  }
}

const kinds: Readonly<Record<string, string>> = {
  ArrayExpression: 'a list',
  ArrayComprehensionExpression: 'a list',
  DictionaryExpression: 'a dictionary',
  DictionaryComprehensionExpression: 'a dictionary',
  SetExpression: 'a set',
  String: 'a text',
  FormatString: 'a text',
  Number: 'a number',
  Boolean: 'True or False',
}
const makers: Readonly<Record<string, string>> = {
  list: 'a list',
  dict: 'a dictionary',
  set: 'a set',
  str: 'a text',
  int: 'a number',
  float: 'a number',
  bool: 'True or False',
  len: 'a number',
  sorted: 'a list',
}
const sounds: readonly { name: RegExp; like: string; is: readonly string[] }[] = [
  { name: /^(?:.+_)?(?:list|lst)$/, like: 'a list', is: ['a list'] },
  { name: /^(?:.+_)?(?:dict|dictionary)$/, like: 'a dictionary', is: ['a dictionary'] },
  { name: /^(?:.+_)?set$/, like: 'a set', is: ['a set'] },
  { name: /^(?:is|has|can|should)_[a-z]/, like: 'a yes or no', is: ['True or False'] },
  { name: /^(?:count|counter|total|sum_of_.+|number_of_.+|num_.+)$/, like: 'a number', is: ['a number'] },
  { name: /^(?:text|string|word|message|name)$/, like: 'a text', is: ['a text'] },
]

/** A name that says another type than every value that it is given: `name_list = {}`, `count = []`. */
export const misleadingName: Detector = function* ({ nodes }, { givenNames }) {
  const given = Map.groupBy(
    nodes.flatMap(node => {
      const assigned = plainAssignment(node)
      return assigned === undefined ? [] : [{ ...assigned, node, scope: scopeOf(node) }]
    }),
    ({ name }) => name,
  )
  for (const [name, all] of given) {
    const sound = sounds.find(one => one.name.test(name))
    const holds = all.map(({ value }) => kinds[value.kind] ?? makers[callOf(value)?.name ?? ''])
    const [first] = holds
    const [place] = all
    if (sound === undefined || first === undefined || place === undefined || givenNames.has(name)) continue
    // A counter made with collections.Counter or a dictionary of counts is called so rightly.
    const isCounts = name.startsWith('count') && first === 'a dictionary'
    // 0 and 1 stand for no and yes, too, and an empty text or list for nothing yet.
    const isFlag = sound.like === 'a yes or no' && first === 'a number'
    if (isCounts || isFlag || sound.is.includes(first) || !holds.every(one => one === first)) continue
    yield { rule: 'misleading-name', at: place.node, params: { name, sounds: sound.like, holds: first } }
  }
}
