import type { Node } from '../tree.ts'
import { callOf, storedNames, within } from '../syntax.ts'

const changing = new Set(
  'append extend insert remove pop sort reverse clear update add discard setdefault popitem appendleft popleft'
    .split(' ')
    .map(name => `.${name}`),
)
/** Functions that leave their arguments as they are. */
const harmless = new Set(
  (
    'abs all any bool dict enumerate float int isinstance len list map max min ord chr print range repr reversed round ' +
    'set sorted str sum tuple type zip filter frozenset'
  ).split(' '),
)

/** The name at the bottom of `name[...].attribute`; undefined for other expressions. */
export function ownerName(node: Node | undefined): string | undefined {
  let inner = node
  while (inner?.kind === 'MemberExpression') inner = inner.children[0]
  return inner?.kind === 'VariableName' ? inner.text : undefined
}

/**
 * The names whose values may be others after a node has run: stored, changed in place, or given to a function that may
 * change them.
 */
export function changedNames(node: Node): Set<string> {
  const nodes = [...within(node)]
  const names = storedNames(nodes)
  const add = (inner: Node | undefined): void => {
    const name = ownerName(inner)
    if (name !== undefined) names.add(name)
  }
  for (const inner of nodes) {
    if (inner.kind === 'UpdateStatement' || inner.kind === 'DeleteStatement') add(inner.children[0])
    if (inner.kind === 'AssignStatement')
      for (const target of inner.children.slice(0, -1)) if (target.kind === 'MemberExpression') add(target)
    const call = callOf(inner)
    if (call === undefined) continue
    if (changing.has(call.name)) add(call.owner)
    if (!call.name.startsWith('.') && !harmless.has(call.name)) call.args.forEach(add)
  }
  return names
}
