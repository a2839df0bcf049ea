import {
  type Rare,
  asks,
  xs,
  n,
  ab,
  d,
  s,
  total,
  square,
  first,
  filled,
  counts,
  sorts,
  place,
} from './rare-exercises.ts'

const edges: Rare[] = [
  {
    code: 'edge-empty',
    exercise: total,
    shows: [
      xs('if not xs:', '    return 5', 'return sum(xs)'),
      xs('return sum(xs) if xs else 99'),
      xs('while len(xs) == 0:', '    return -1', 'return sum(xs)'),
    ],
    near: [
      xs('return sum(xs) + 1'),
      xs('if len(xs) < 2:', '    return None', 'return sum(xs)'),
      xs('return sum(x for x in xs if x > 0)'),
    ],
  },
  {
    code: 'edge-one-item',
    exercise: total,
    shows: [
      xs('if len(xs) == 1:', '    return 0', 'return sum(xs)'),
      xs('return xs[0] - 9 if len(xs) == 1 else sum(xs)'),
      xs('if len(xs) == 1:', '    return xs[0] * 4', 'return sum(xs)'),
    ],
    near: [
      xs('return sum(xs) if len(xs) > 2 else 0'),
      xs('return sum(xs[1:])'),
      xs('if not xs:', '    return 1', 'return sum(xs)'),
    ],
  },
  {
    code: 'edge-zero',
    exercise: square,
    shows: [n('if n == 0:', '    return 1', 'return n * n'), n('return n * n or 1'), n('return n * n if n else 7')],
    near: [n('return n * abs(n)'), n('if n == 3:', '    return 8', 'return n * n'), n('return n * n + 2')],
  },
]

const errors: Rare[] = [
  {
    code: 'error-changed-in-loop',
    exercise: filled,
    shows: [
      d('for k in d:', '    if not d[k]:', '        del d[k]', 'return d'),
      d('for k, v in d.items():', '    if v == 0:', '        d.pop(k)', 'return d'),
      d('for v in d.values():', '    if v == 0:', '        d["zero"] = v', 'return d'),
    ],
    near: [
      d('for k in list(d):', '    if d[k]:', '        del d[k]', 'return d'),
      d('raise RuntimeError("dictionary changed size during iteration")'),
      d('for k in d:', '    d[k] = 0', 'return d'),
    ],
  },
  {
    code: 'error-no-next',
    exercise: first,
    shows: [
      xs('return next(x for x in xs if x % 2 == 0)'),
      xs('it = (x for x in xs if x % 2 == 0)', 'return next(it)'),
      xs('it = iter(xs)', 'x = next(it)', 'while x % 2:', '    x = next(it)', 'return x'),
    ],
    near: [
      xs('return next((x for x in xs if x % 2 == 0), None)'),
      xs('raise StopIteration("none")'),
      xs('return [x for x in xs if x % 2 == 0][0]'),
    ],
  },
  {
    code: 'error-no-value-yet',
    exercise: total,
    shows: [
      xs('for x in xs:', '    s += x', 'return s'),
      xs('for x in xs:', '    last = x', 'return sum(xs) + last - last'),
      `s = 0\n${xs('for x in xs:', '    s = s + x', 'return s')}`,
    ],
    near: [
      xs('return sum(xs) + start'),
      xs('s = None', 'for x in xs:', '    s += x', 'return s'),
      xs('self = xs', 'return self.total'),
    ],
  },
  {
    code: 'error-none',
    exercise: sorts,
    shows: [
      xs('xs = xs.sort()', 'return xs[:]'),
      xs('out = []', 'for x in sorted(xs):', '    out = out.append(x)', 'return out'),
      `def order(xs):\n    xs.sort()\n${xs('return list(order(xs))')}`,
    ],
    near: [xs('return xs.sort()'), xs('return sorted(xs).first'), xs('return list(sorted(xs)[0])')],
  },
  {
    code: 'error-not-found',
    exercise: place,
    shows: [
      ab('return a.index(b)'),
      ab('return "".join(a).index(b)'),
      ab('copy = list(a)', 'copy.remove(b)', 'return a.index(b)'),
    ],
    near: [
      ab('return a.count(b)'),
      ab('if b not in a:', '    raise ValueError(f"{b} is not in list")', 'return a.index(b)'),
      ab('return int(b) if b not in a else a.index(b)'),
    ],
  },
  {
    code: 'error-nothing-in-it',
    exercise: total,
    shows: [
      xs('last = xs.pop()', 'return sum(xs) + last'),
      xs('return sum(xs) + max(xs) - max(xs)'),
      xs('import random', 'return sum(xs) + 0 * random.choice(xs)'),
    ],
    near: [
      xs('return sum(xs) + xs[0] - xs[0]'),
      xs('raise ValueError("max() iterable argument is empty")'),
      xs('return sum(xs) + {}.pop("a")'),
    ],
  },
  {
    code: 'error-single-value',
    exercise: square,
    shows: [n('return sum(n)'), n('return n[0] * n'), n('for x in n:', '    return x * x')],
    near: [n('return sum(None)'), n('return n() * n'), n('return (n, n)[2]')],
  },
  {
    code: 'error-special-method',
    exercise: {
      entry: ['Box'],
      kind: 'class',
      reference: 'class Box: pass\n',
      tests: [
        { call: 'str(Box(3))', expect: '"3"' },
        { call: 'len(Box(2))', expect: '2' },
      ],
    },
    shows: [
      'class Box:\n    def __init__(self, n): self.n = n\n    def __str__(self): print(self.n)\n    def __len__(self): return self.n\n',
      'class Box:\n    def __init__(self, n): self.n = n\n    def __str__(self): return self.n\n    def __len__(self): return self.n\n',
      'class Box:\n    def __init__(self, n): self.n = n\n    def __repr__(self): return self.n\n    def __len__(self): return self.n\n',
    ],
    near: [
      'class Box:\n    def __init__(self, n): self.n = n\n    def __str__(self): return "box"\n    def __len__(self): return 7\n',
      'class Box:\n    def __init__(self, n): self.n = n\n    def __str__(self): return str(self.m)\n    def __len__(self): return self.n\n',
      'class Box:\n    def __init__(self, n): self.n = n\n    def __str__(self): return str(self.n)\n',
    ],
  },
  {
    code: 'error-unchangeable',
    exercise: asks(['"abc"', '"xbc"'], ['"dog"', '"xog"'], ['"hi"', '"xi"']),
    shows: [
      s('s[0] = "x"', 'return s'),
      s('t = tuple(s)', 't[0] = "x"', 'return "".join(t)'),
      s('del s[0]', 'return "x" + s'),
    ],
    near: [
      s('t = list(s)', 't[9] = "x"', 'return "".join(t)'),
      s('s.first = "x"', 'return s'),
      s('raise TypeError("\'str\' object does not support item assignment")'),
    ],
  },
  {
    code: 'error-unhashable',
    exercise: counts,
    shows: [
      xs('return {[x]: xs.count(x) for x in xs}'),
      xs('seen = set()', 'for x in xs:', '    seen.add([x])', 'return {x: xs.count(x) for x in xs}'),
      xs('d = {}', 'for x in xs:', '    d[xs] = 1', 'return d'),
    ],
    near: [
      xs('return {(x,): xs.count(x) for x in xs}'),
      xs('d = {}', 'for x in xs:', '    d[x] += 1', 'return d'),
      xs('return hash(xs, xs)'),
    ],
  },
  {
    code: 'error-unpacking',
    exercise: asks(['"Ann Lee"', '"Lee"'], ['"Bo van Dam"', '"Dam"'], ['"Cher"', '"Cher"']),
    shows: [
      s('a, b = s.split()', 'return b'),
      s('a, b, c = s.split()', 'return c'),
      s('for a, b in [s.split()]:', '    return b'),
    ],
    near: [s('a, b = 7', 'return b'), s('return s.split()[1]'), s('a, *b = s.split()', 'return b')],
  },
  {
    code: 'error-zero-division',
    exercise: asks(['[2, 4]', '3'], ['[]', '0'], ['[7]', '7'], ['[1, 2, 3]', '2']),
    shows: [
      xs('return sum(xs) / len(xs)'),
      xs('return sum(xs) // len(xs) + sum(xs) % len(xs) * 0'),
      xs('return divmod(sum(xs), len(xs))[0]'),
    ],
    near: [
      xs('import statistics', 'return statistics.mean(xs)'),
      xs('raise ZeroDivisionError("division by zero")'),
      xs('return sum(xs) / (len(xs) + 1)'),
    ],
  },
  {
    code: 'input-exhausted',
    exercise: square,
    shows: [
      n('n = int(input())', 'return n * n'),
      n('name = input("name? ")', 'return n * n'),
      n('import sys', 'a = input()', 'b = input()', 'return n * n'),
    ],
    near: [n('raise EOFError("end")'), n('import sys', 'return sys.stdin.read()'), n('return inputs(n) * n')],
  },
]

export const rareErrors: readonly Rare[] = [...edges, ...errors]
