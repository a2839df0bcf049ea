import {
  type Rare,
  asks,
  xs,
  n,
  ab,
  s,
  square,
  evens,
  joined,
  halves,
  sorts,
  above,
  price,
  greets,
  minutes,
  cents,
  lines,
  echo,
  unique,
  shown,
} from './rare-exercises.ts'

const characters: Rare[] = [
  {
    code: 'look-alike',
    exercise: square,
    shows: [n('return n \u00D7 n'), n('return n * n \u2212 0'), n('print(\u201Chi\u201D)', 'return n * n')],
    near: [n('return n * n * "\u201Chi\u201D"'), n('return n *'), n('gr\u00F6\u00DFe = n', 'return gr\u00F6\u00DFe')],
  },
  {
    code: 'look-alike-invisible',
    exercise: square,
    shows: [n('return n\u200B * n'), n('\u2060return n * n'), n('a\u00ADb = n', 'return n * n')],
    near: [n('return n \u00D7 n'), n('text = "\u200B"', 'return n'), n('return n n')],
  },
  {
    code: 'name-missing',
    exercise: square,
    shows: ['print(3)\n', 'pass\n', '3 * 3\n'],
    near: [n('return n'), 'f = 9\n', 'f = lambda n: n\n'],
  },
]

const outputs: Rare[] = [
  {
    code: 'output-extra',
    exercise: echo,
    shows: [
      'n = input()\nprint("Hello", n, "and welcome")\n',
      'n = input()\nprint("Hello", n, "nice to see you")\n',
      'n = input()\nprint("Hello", n, n)\n',
    ],
    near: ['n = input()\nprint("Hallo", n)\n', 'n = input()\nprint("hello", n)\n', 'n = input()\nprint("Hello")\n'],
  },
  {
    code: 'output-extra-line',
    exercise: lines,
    shows: [
      'for i in range(4):\n    print("line", i)\n',
      'print("start")\nfor i in range(3):\n    print("line", i)\n',
      'for i in range(3):\n    print("line", i)\nprint("done")\n',
    ],
    near: [
      'for i in range(1, 4):\n    print("line", i)\n',
      'for i in range(2):\n    print("line", i)\n',
      'for i in range(3):\n    print("Line", i)\n',
    ],
  },
  {
    code: 'output-first-line-missing',
    exercise: lines,
    shows: [
      'for i in range(1, 3):\n    print("line", i)\n',
      'print("line 1")\nprint("line 2")\n',
      'i = 0\nwhile i < 2:\n    i += 1\n    print("line", i)\n',
    ],
    near: [
      'for i in range(2):\n    print("line", i)\n',
      'for i in range(1, 4):\n    print("line", i)\n',
      'print("line 2")\n',
    ],
  },
  {
    code: 'output-file-missing',
    exercise: { kind: 'stdout', reference: 'pass\n', tests: [{ stdin: '', stdout: '', writes: { 'a.txt': 'hi\n' } }] },
    shows: ['pass\n', 'text = "hi"\n', 'with open("b.txt", "w") as file:\n    file.write("hi\\n")\n'],
    near: [
      'with open("a.txt", "w") as file:\n    file.write("ho\\n")\n',
      'with open("a.txt", "w") as file:\n    pass\n',
      'with open("a.txt", "w") as file:\n    file.write("hi\\nhi\\n")\n',
    ],
  },
]

const smells: Rare[] = [
  {
    code: 'smell-always-true',
    exercise: asks(['"a"', '1'], ['"c"', '0'], ['"b"', '1']),
    shows: [
      s('if s == "a" or "b":', '    return 1', 'return 0'),
      s('return 1 if s == "a" or "b" else 0'),
      s('while s == "a" or "b":', '    return 1', 'return 0'),
    ],
    near: [
      s('if s == "a" or s:', '    return 1', 'return 0'),
      s('if s in "a" or s == "b" or s == "c":', '    return 1', 'return 0'),
      s('if s == ("a" or "b"):', '    return 1', 'return 0'),
    ],
  },
  {
    code: 'smell-base-init-missing',
    exercise: {
      entry: ['Dog'],
      kind: 'class',
      reference: 'class Dog: pass\n',
      tests: [
        { call: 'Dog("Rex").legs', expect: '4' },
        { call: 'Dog("Bo").name', expect: '"Bo"' },
      ],
    },
    shows: ['Animal', 'Pet', 'Beast'].map(
      base =>
        `class ${base}:\n    def __init__(self):\n        self.legs = 4\nclass Dog(${base}):\n    def __init__(self, name):\n        self.name = name\n`,
    ),
    near: [
      'class Animal:\n    def __init__(self):\n        self.leg = 4\nclass Dog(Animal):\n    def __init__(self, name):\n        super().__init__()\n        self.name = name\n',
      'class Animal:\n    pass\nclass Dog(Animal):\n    def __init__(self, name):\n        self.name = name\n',
      'class Animal:\n    def __init__(self):\n        self.legs = 3\nclass Dog(Animal):\n    def __init__(self, name):\n        Animal.__init__(self)\n        self.name = name\n',
    ],
  },
  {
    code: 'smell-identity',
    exercise: asks(['"".join(["n", "o"])', 'True'], ['"yes"', 'False'], ['"".join(["n"]) + "o"', 'True']),
    shows: [
      s('return s is "no"'),
      s('if s is "no":', '    return True', 'return False'),
      s('return not s is not "no"'),
    ],
    near: [s('return s is None'), s('return s is True'), s('other = "no"', 'return s == other[0]')],
  },
  {
    code: 'smell-lost-recursion',
    exercise: asks(['1234', '1'], ['5', '5'], ['98', '9']),
    shows: [
      n('if n > 9:', '    f(n // 10)', 'return n'),
      n('if n < 10:', '    return n', 'f(n // 10)'),
      n('if n < 10:', '    return n', 'else:', '    f(n // 10)', '    return n'),
    ],
    near: [
      n('if n > 9:', '    return f(n % 10)', 'return n'),
      n('while n > 99:', '    n = n // 10', 'return n'),
      `def g(n):\n    return n\n${n('g(n // 10)', 'return n')}`,
    ],
  },
]

const texts: Rare[] = [
  {
    code: 'text-digits',
    exercise: price,
    shows: [s('return f"{s} EUR"'), s('return f"{s:.3f} EUR"'), s('return f"{s:.4f} EUR"')],
    near: [s('return f"{s + 1:.2f} EUR"'), s('return f"{s:.2f} Euro"'), s('return f"{s * 10:.2f} EUR"')],
  },
  {
    code: 'text-part-missing',
    exercise: greets,
    shows: [s('return f"Hello {s}"'), s('return f"{s}, welcome"'), s('return "Hello " + s + ","')],
    near: [s('return f"Hello {s}, goodbye"'), s('return f"Hi {s}, welcome"'), s('return f"Hello {s}, welcome back"')],
  },
  {
    code: 'text-zeros-extra',
    exercise: shown,
    shows: [s('return f"{s:05}"'), s('return str(s).zfill(4)'), s('return "00" + str(s)')],
    near: [s('return str(s) + "0"'), s('return f"{s}.0"'), s('return str(s + 1)')],
  },
]

const deep = asks(['1', '[1]'], ['2', '[2]'])
const values: Rare[] = [
  {
    code: 'type-too-large',
    exercise: deep,
    shows: [
      n('items = []', 'for _ in range(2000):', '    items = [items]', 'return items'),
      n('items = [n]', 'items.append(items)', 'for _ in range(3000):', '    items = [items]', 'return items'),
      n('items = [n]', 'for _ in range(5000):', '    items = [1, items]', 'return items'),
    ],
    near: [n('return [[[n]]]'), n('return [n] * 500'), n('items = [n]', 'return [items, items]')],
  },
  {
    code: 'value-always-too-small',
    exercise: square,
    shows: [n('return n * n - 10'), n('s = n * n', 's -= 4', 'return s'), n('return n ** 2 - 7')],
    near: [n('return n * n - n'), n('return n * n - 1'), n('return n * n + 10')],
  },
  {
    code: 'value-items-extra',
    exercise: evens,
    shows: [
      xs('return [x for x in xs if x % 2 == 0 or x in (3, 7, 9)]'),
      xs('return xs'),
      xs('return [x for x in xs if x > 1]'),
    ],
    near: [
      xs('return [x * 2 for x in xs]'),
      xs('return [x for x in xs if x % 2]'),
      xs('return [x for x in xs if x > 4]'),
    ],
  },
  {
    code: 'value-list-flat',
    exercise: halves,
    shows: [ab('return a + b'), ab('return [*a, *b]'), ab('out = []', 'out.extend(a)', 'out.extend(b)', 'return out')],
    near: [ab('return [a]'), ab('return [b, a]'), ab('return a')],
  },
  {
    code: 'value-list-in-list',
    exercise: joined,
    shows: [ab('out = list(a)', 'out.append(b)', 'return out'), ab('return [a, b]'), ab('return [*a, b]')],
    near: [ab('return a'), ab('return b + a'), ab('return [a + b]')],
  },
  {
    code: 'value-not-text',
    exercise: shown,
    shows: [s('return s'), s('return int(str(s))'), s('text = str(s)', 'return int(text)')],
    near: [s('return s * 10'), s('return [str(s)]'), s('return str(s) + "!"')],
  },
  {
    code: 'value-order',
    exercise: sorts,
    shows: [xs('return xs'), xs('return xs[-1:] + xs[:-1]'), xs('return xs[:2][::-1] + xs[2:]')],
    near: [xs('return sorted(xs)[::-1]'), xs('return sorted(xs)[1:]'), xs('return [x + 1 for x in sorted(xs)]')],
  },
  {
    code: 'value-repeats',
    exercise: unique,
    shows: [
      xs('return xs'),
      xs('return sorted(xs)'),
      xs('out = []', 'for x in xs:', '    if x not in out:', '        out += [x, x]', 'return out'),
    ],
    near: [
      xs('return xs[:1]'),
      xs('return list(set(xs)) + [9]'),
      xs('return [x for x in set(xs) if xs.count(x) == 1]'),
    ],
  },
  {
    code: 'value-rounding',
    exercise: asks(['0.1, 0.2', '0.3'], ['0.7, 0.1', '0.8'], ['1.1, 2.2', '3.3']),
    shows: [ab('return a + b'), ab('return sum([a, b])'), ab('t = a', 't += b', 'return t')],
    near: [ab('return round(a + b, 1) + 0.1'), ab('return a * b'), ab('return a - b')],
  },
  {
    code: 'value-times-too-large',
    exercise: cents,
    shows: [n('return n'), n('return n / 10'), n('return n * 1.0')],
    near: [n('return n / 50'), n('return n / 100 + 3'), n('return n / 1000')],
  },
  {
    code: 'value-times-too-small',
    exercise: minutes,
    shows: [n('return n'), n('return n * 6'), n('return n * 60 / 100')],
    near: [n('return n * 30'), n('return n * 60 - 7'), n('return n * 3600')],
  },
  {
    code: 'value-unwrapped',
    exercise: asks(['[1, 2]', '[2]'], ['[4]', '[4]'], ['[3, 8]', '[8]']),
    shows: [xs('return xs[-1]'), xs('return [*xs].pop()'), xs('for x in xs:', '    last = x', 'return last')],
    near: [xs('return xs[-1] * 2'), xs('return [xs[0]]'), xs('return str(xs[-1:])')],
  },
  {
    code: 'value-true',
    exercise: above,
    shows: [n('return n >= 0'), n('return n == n'), n('return n > -5')],
    near: [n('return n > 5'), n('return 1'), n('return not n > 0')],
  },
]

export const rareResults: readonly Rare[] = [...characters, ...outputs, ...smells, ...texts, ...values]
