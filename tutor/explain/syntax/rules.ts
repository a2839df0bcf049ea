import type { Candidate, Change } from './changes.ts'
import type { Line } from './source.ts'
import type { Spot } from './spot.ts'
import { keywords, type Token } from './tokens.ts'

/** Ways to mend a program that Python reads but whose words it does not take: rules about names, arguments, returns. */
export function ruleCandidates(spot: Spot): Candidate[] {
  return [
    ...keywordNames(spot),
    ...assignments(spot),
    ...orders(spot),
    ...duplicates(spot),
    ...globals(spot),
    ...outside(spot),
    ...tries(spot),
  ].filter(({ changes }) => changes.length > 0)
}

/** A keyword that is used as a name: renamed wherever it is. */
function keywordNames({ source, near }: Spot): Candidate[] {
  const words = near.flatMap(line => line.tokens.filter(({ kind }) => kind === 'keyword')).slice(0, 20)
  const places = new Map(source.tokens.map((token, index) => [token, index]))
  const asName = (token: Token): boolean => {
    const index = places.get(token) ?? 0
    const [before, after] = [source.tokens[index - 1], source.tokens[index + 1]]
    const first = before === undefined || before.kind === 'newline'
    if (first) return /^(?:=|\+=|-=|\.|\[|,)$/.test(after?.text ?? '')
    return before.kind === 'sign' || /^(?:def|class|for|import|as|in|return|and|or|not)$/.test(before.text)
  }
  return [...new Set(words.filter(asName).map(({ text }) => text))].flatMap((text): Candidate[] => {
    const uses = source.tokens
      .filter(token => token.text === text && token.kind === 'keyword' && asName(token))
      .slice(0, 60)
    const params = { keyword: text, name: `${text.toLowerCase()}_` }
    const change = (token: Token): Change => ({ at: token.at, end: token.end, text: `${text.toLowerCase()}_` })
    const here = near.flatMap(line => line.tokens.filter(token => token.text === text && asName(token)))
    return [
      { class: 'keyword-as-name', params, changes: uses.map(change), cost: 1.2 },
      { class: 'keyword-as-name', params, changes: here.map(change), cost: 1.3 },
    ]
  })
}

/** Something other than a name on the left of `=`. */
function assignments({ fault, near }: Spot): Candidate[] {
  if (!/assign|keyword|expression cannot|invalid syntax|illegal/.test(fault.message)) return []
  return near.slice(0, 2).flatMap(line => {
    const index = line.tokens.findIndex(({ text }) => /^(?:=|[-+*/%]=|\/\/=)$/.test(text))
    const sign = line.tokens[index]
    const [first, last] = [line.tokens[0], line.tokens.at(-1)]
    if (sign === undefined || first === undefined || last === undefined || sign === last) return []
    const [left, right] = [
      line.text.slice(first.at - line.at, sign.at - line.at).trimEnd(),
      line.text.slice(sign.end - line.at, last.end - line.at).trimStart(),
    ]
    const name = assignedName(fault.message, first, left)
    const swap = { at: first.at, end: last.end, text: `${right} = ${left}` }
    return [
      {
        class: name,
        params: { left, right },
        changes: [swap],
        cost: /^[A-Za-z_][\w.]*$/.test(right) && !left.includes(',') ? 0.9 : 2.2,
      },
      { class: name, params: { left, right }, changes: [{ at: sign.at, end: sign.end, text: '==' }], cost: 1.6 },
      ...(first.kind === 'string' && /^["']\w+["']$/.test(left)
        ? [
            {
              class: name,
              params: { left, right },
              changes: [{ at: first.at, end: first.end, text: left.slice(1, -1) }],
              cost: 1,
            },
          ]
        : []),
      ...(/-/.test(left) && /^[A-Za-z_][\w-]*$/.test(left)
        ? [
            {
              class: 'name-with-hyphen',
              params: { left, right },
              changes: [{ at: first.at, end: first.at + left.length, text: left.replaceAll(/[ -]+/g, '_') }],
              cost: 0.85,
            },
          ]
        : []),
    ]
  })
}

function assignedName(message: string, first: Token, left: string): string {
  if (/call/.test(message)) return 'assignment-to-call'
  if (keywords.has(left)) return 'assignment-to-constant'
  if (first.kind === 'number' || first.kind === 'string') return 'assignment-to-literal'
  return 'assignment-to-expression'
}

interface Part {
  at: number
  end: number
  text: string
}

/** The parts between the commas of the innermost brackets around each opener of a line. */
function argumentLists(line: Line): Part[][] {
  const lists: Part[][] = []
  const open: { from: number; parts: Part[] }[] = []
  const add = (list: { from: number; parts: Part[] }, to: number): void => {
    const raw = line.text.slice(list.from - line.at, to - line.at)
    const text = raw.trim()
    const at = list.from + (raw.length - raw.trimStart().length)
    if (text !== '') list.parts.push({ at, end: at + text.length, text })
  }
  for (const token of line.tokens) {
    const top = open.at(-1)
    if (/^[([{]$/.test(token.text)) open.push({ from: token.end, parts: [] })
    else if (token.text === ',' && top !== undefined) {
      add(top, token.at)
      top.from = token.end
    } else if (/^[)\]}]$/.test(token.text) && top !== undefined) {
      add(top, token.at)
      open.pop()
      lists.push(top.parts)
    }
  }
  return lists
}

const isNamed = (text: string): boolean =>
  /^\*{0,2}[A-Za-z_]\w*\s*(?::[^=]+)?=(?!=)/.test(text) || text.startsWith('**')

/** Arguments or parameters in an order that Python does not take: those with a name go last. */
function orders({ fault, near }: Spot): Candidate[] {
  if (!/follows|positional|default/.test(fault.message)) return []
  const name = /default/.test(fault.message) ? 'default-before-required' : 'positional-after-keyword'
  return near.flatMap(line =>
    argumentLists(line).flatMap((parts): Candidate[] => {
      const sorted = [...parts.filter(({ text }) => !isNamed(text)), ...parts.filter(({ text }) => isNamed(text))]
      const changes = parts.flatMap((part, index): Change[] =>
        sorted[index] === part ? [] : [{ at: part.at, end: part.end, text: sorted[index]?.text ?? '' }],
      )
      const plain = parts.findLast(({ text }) => !isNamed(text))
      const given: Candidate[] =
        name === 'default-before-required' && plain !== undefined
          ? [{ class: name, changes: [{ at: plain.end, end: plain.end, text: '=None' }], cost: 1.4 }]
          : []
      return changes.length === 0 ? given : [{ class: name, changes, cost: 1.2 }, ...given]
    }),
  )
}

/** The same parameter, or the same named argument, twice. */
function duplicates({ fault, near }: Spot): Candidate[] {
  const twice = /(?:duplicate (?:argument|parameter) '(\w+)'|keyword argument repeated: (\w+))/.exec(fault.message)
  const word = twice?.[1] ?? twice?.[2]
  if (word === undefined) return []
  const name = twice?.[1] === undefined ? 'argument-twice' : 'parameter-twice'
  return near.flatMap(line => {
    const second = line.tokens.filter(({ text }) => text === word)[1]
    const part = argumentLists(line).flatMap(parts => parts.filter(({ at }) => at === second?.at))[0]
    if (second === undefined) return []
    const rename: Candidate = {
      class: name,
      params: { name: word },
      changes: [{ at: second.end, end: second.end, text: '2' }],
      cost: 1.2,
    }
    const comma = part === undefined ? -1 : line.text.lastIndexOf(',', part.at - line.at)
    const remove =
      part === undefined || comma === -1
        ? []
        : [
            {
              class: name,
              params: { name: word },
              changes: [{ at: line.at + comma, end: part.end, text: '' }],
              cost: name === 'argument-twice' ? 1 : 1.3,
            },
          ]
    return [rename, ...remove]
  })
}

/** `global` after the name was used, of a parameter, or outside a function. */
function globals({ source, fault, line }: Spot): Candidate[] {
  if (!/global|nonlocal/.test(fault.message)) return []
  const statement =
    source.lines.slice(line.number - 1).find(({ masked }) => /^\s*(?:global|nonlocal)\b/.test(masked)) ?? line
  const name = /parameter/.test(fault.message)
    ? 'global-parameter'
    : /nonlocal|no binding/.test(fault.message)
      ? 'nonlocal-without-function'
      : 'global-after-use'
  const head = source.lines
    .slice(0, statement.number)
    .findLast(one => /^\s*(?:async\s+)?def\b/.test(one.masked) && one.width < statement.width)
  const remove = { at: statement.at, end: Math.min(source.text.length, statement.end + 1), text: '' }
  const first = head === undefined ? undefined : source.lines.slice(head.number).find(({ blank }) => !blank)
  const found: Candidate[] = [
    { class: name, changes: [remove], cost: name === 'global-after-use' ? 1.6 : 1.1, look: statement.at },
  ]
  if (first !== undefined && first !== statement)
    found.push({
      class: name,
      changes: [{ at: first.at, end: first.at, text: `${first.indent}${statement.text.trim()}\n` }, remove],
      cost: 1.1,
      look: statement.at + statement.indent.length,
    })
  const word = statement.tokens[0]
  if (word?.text === 'nonlocal')
    found.push({ class: name, changes: [{ at: word.at, end: word.end, text: 'global' }], cost: 1, look: word.at })
  const value = /^\s*global\s+(\w+)\s*=\s*(.+)$/.exec(statement.text)
  if (value !== null)
    found.push({
      class: 'global-with-value',
      changes: [
        {
          at: statement.at,
          end: statement.end,
          text: `${statement.indent}global ${value[1]}\n${statement.indent}${value[1]} = ${value[2]}`,
        },
      ],
      cost: 1,
    })
  return found
}

/** `return`, `break`, `await` and others where they mean nothing. */
function outside({ source, fault, line }: Spot): Candidate[] {
  const message = fault.message
  const word = line.tokens.find(({ text }) => /^(?:return|break|continue|yield|await|async)$/.test(text))
  if (!/outside|not properly in loop|'await'|'async/.test(message) || word === undefined) return []
  const name = /return/.test(message)
    ? 'return-outside-function'
    : /await|async/.test(message)
      ? 'await-outside-async'
      : /yield/.test(message)
        ? 'yield-outside-function'
        : /continue/.test(message)
          ? 'continue-outside-loop'
          : 'break-outside-loop'
  const one = (text: string, cost: number, end = word.end): Candidate => ({
    class: name,
    changes: [{ at: word.at, end, text }],
    cost,
  })
  if (name === 'await-outside-async') {
    const head = source.lines
      .slice(0, line.number)
      .findLast(({ masked, width }) => /^\s*def\b/.test(masked) && width < line.width)
    const at = head === undefined ? undefined : head.at + head.indent.length
    return [
      ...(at === undefined
        ? []
        : [{ class: name, changes: [{ at, end: at, text: 'async ' }], cost: 1, look: word.at }]),
      one('', 1.4),
    ]
  }
  if (name === 'break-outside-loop' || name === 'continue-outside-loop') {
    const inFunction = source.lines
      .slice(0, line.number)
      .some(({ masked, width }) => /^\s*def\b/.test(masked) && width < line.width)
    return [one(inFunction ? 'return' : 'pass', 1.5), one('pass', 1.6)]
  }
  const last = line.tokens.at(-1)
  const value = last === undefined || last === word ? undefined : source.text.slice(word.end, last.end).trim()
  return value === undefined ? [one('pass', 1.6)] : [one(`print(${value})`, 1.6, last?.end)]
}

/** A `try` without `except`. */
function tries({ source, fault, line }: Spot): Candidate[] {
  if (!/expected 'except' or 'finally' block/.test(fault.message)) return []
  const head =
    source.lines
      .slice(0, line.number)
      .findLast(({ masked, width }) => /^\s*try\b/.test(masked) && width <= line.width) ??
    source.lines.slice(0, line.number).findLast(({ masked }) => /^\s*try\b/.test(masked))
  if (head === undefined) return []
  const inside = source.lines.slice(head.number).findIndex(one => !one.blank && one.width <= head.width)
  const end = inside === -1 ? source.lines.at(-1) : source.lines[head.number + inside - 1]
  if (end === undefined) return []
  const text = `\n${head.indent}except Exception as error:\n${head.indent}${source.unit}print(error)`
  return [
    {
      class: 'try-without-except',
      changes: [{ at: end.end, end: end.end, text }],
      cost: 1,
      look: head.at + head.indent.length,
    },
  ]
}
