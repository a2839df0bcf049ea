import type { exerciseOf } from '../test-exercise.ts'
import type { FeedbackCode } from './codes.ts'

type Parts = Parameters<typeof exerciseOf>[0]

/** A program with one known mistake, and the only notes that are true of it. */
interface Mistake {
  code: string
  true: readonly FeedbackCode[]
}

/** An exercise with a right program and programs of one mistake each; all are graded beside each piece of `harmless`. */
interface Task {
  exercise: Parts
  right: string
  mistakes: readonly Mistake[]
}

const wrong = (code: string, ...codes: FeedbackCode[]): Mistake => ({ code, true: codes })
const def = (name: string, ...lines: string[]): string => `def ${name}:\n${lines.map(line => `    ${line}\n`).join('')}`
const pairs = (...all: [string, string][]): NonNullable<Parts['tests']> =>
  all.map(([call, expected]) => ({ call, expect: expected }))

const square: Task = {
  exercise: {
    entry: ['square'],
    reference: 'def square(n): return n * n\n',
    tests: pairs(
      ['square(3)', '9'],
      ['square(0)', '0'],
      ['square(-4)', '16'],
      ['square(10)', '100'],
      ['square(7)', '49'],
    ),
  },
  right: def('square(n)', 'return n * n'),
  mistakes: [
    wrong(def('square(n)', 'return n * n * n')),
    wrong(def('square(n)', 'return n * 2')),
    wrong(def('square(n)', 'if n == 3:', '    return 8', 'return n * n')),
    wrong(def('square(n)', 'return n * n + 1'), 'value-one-too-large'),
    wrong(def('square(n)', 'return n * n - 1'), 'value-one-too-small'),
    wrong(def('square(n)', 'return n * n + 5'), 'value-always-too-large'),
    wrong(def('square(n)', 'print(n * n)'), 'value-printed'),
    wrong(def('square(n)', 'result = n * n'), 'value-none'),
    wrong(def('square(n)', 'return str(n * n)'), 'value-as-text', 'type-other'),
    wrong(def('square(n)', 'return [n * n]'), 'value-wrapped'),
    wrong(def('square(n)', 'return -n * n'), 'value-sign'),
    wrong(def('square(n)', 'return 17'), 'value-constant', 'smell-unused-parameter'),
    wrong(def('square()', 'return 9'), 'call-misfit', 'error-arguments'),
    wrong(def('Square(n)', 'return n * n'), 'name-different', 'name-missing'),
    wrong(def('square(n)', 'return m * n'), 'error-name'),
    wrong(def('square(n)', 'return n ** "2"'), 'error-text-and-number'),
    wrong(def('square(n)', 'while n == n: pass')),
    wrong(def('square(n)', 'found = 0', 'found == n * n', 'return found'), 'smell-lost-comparison', 'value-constant'),
    wrong(def('square(n)', 'return square(n - 1) + 2 * n - 1'), 'error-recursion'),
    wrong(def('square(n)', 'raise ValueError("no list: KeyError")'), 'raises-unexpected'),
    wrong(def('square(n)', 'if n < 0: return -n * n', 'return n * n'), 'edge-negative', 'value-sign'),
  ],
}

const positives: Task = {
  exercise: {
    entry: ['positives'],
    reference: 'def positives(xs): return [x for x in xs if x > 0]\n',
    tests: pairs(
      ['positives([3, -1, 2])', '[3, 2]'],
      ['positives([-5, -6, 4])', '[4]'],
      ['positives([0, 1, 2])', '[1, 2]'],
      ['positives([])', '[]'],
      ['positives([5, -2, -3, 8, 9])', '[5, 8, 9]'],
    ),
  },
  right: def('positives(xs)', 'out = []', 'for x in xs:', '    if x > 0:', '        out.append(x)', 'return out'),
  mistakes: [
    wrong(
      def('positives(xs)', 'return [x for x in xs if x >= 0]'),
      'edge-zero',
      'value-first-missing',
      'value-one-too-many',
      'value-items-extra',
    ),
    wrong(def('positives(xs)', 'return [x for x in xs if x < 0]')),
    wrong(
      def('positives(xs)', 'for x in xs:', '    if x < 0:', '        xs.remove(x)', 'return xs'),
      'smell-changed-while-looping',
      'argument-changed',
      'value-items-extra',
      'value-one-too-many',
    ),
    wrong(
      def('positives(xs)', 'out = []', 'for x in xs:', '    if x > 0:', '        out.append(x)', '    return out'),
      'loop-early-return',
      'value-only-first',
      'value-last-missing',
      'value-items-missing',
      'value-none',
    ),
    wrong(
      def('positives(xs)', 'out = []', 'for x in xs:', '    if x > 0:', '        out = out.append(x)', 'return out'),
      'smell-kept-none',
      'error-none',
      'value-none',
    ),
    wrong(def('positives(xs)', 'return tuple(x for x in xs if x > 0)'), 'type-sequence'),
    wrong(def('positives(xs)', 'return sorted(x for x in xs if x > 0)'), 'value-order', 'value-reversed'),
    wrong(def('positives(xs)', 'return len([x for x in xs if x > 0])'), 'value-type'),
    wrong(def('positives(xs)', 'return [x for x in range(len(xs)) if xs[x + 1] > 0]'), 'error-index'),
  ],
}

const clean: Task = {
  exercise: {
    entry: ['clean'],
    reference: 'def clean(text): return text.strip().lower()\n',
    tests: pairs(
      ['clean(" Ada ")', '"ada"'],
      ['clean("BO")', '"bo"'],
      ['clean("")', '""'],
      ['clean("  Cy d")', '"cy d"'],
    ),
  },
  right: def('clean(text)', 'text = text.strip()', 'return text.lower()'),
  mistakes: [
    wrong(def('clean(text)', 'text.strip()', 'return text.lower()'), 'smell-lost-text', 'text-blanks'),
    wrong(def('clean(text)', 'return text.strip()'), 'text-case'),
    wrong(def('clean(text)', 'return text.strip().lower() + "!"'), 'value-one-too-many', 'text-part-extra'),
    wrong(def('clean(text)', 'return text.strip().lower()[1:]'), 'value-first-missing', 'text-part-missing'),
    wrong(def('clean(text)', 'return text.strip().lower().title'), 'value-function', 'type-other'),
    wrong(def('clean(text)', 'return text.strip().lower().replace("d", "x")')),
  ],
}

const adult: Task = {
  exercise: {
    entry: ['check'],
    reference: 'def check(age):\n    if age < 0: raise ValueError\n    return age >= 18\n',
    tests: [
      ...pairs(['check(18)', 'True'], ['check(17)', 'False'], ['check(40)', 'True'], ['check(3)', 'False']),
      { call: 'check(-1)', raises: 'ValueError' },
      { call: 'check(-30)', raises: 'ValueError' },
    ],
  },
  right: def('check(age)', 'if age < 0:', '    raise ValueError("age")', 'return age >= 18'),
  mistakes: [
    wrong(def('check(age)', 'if age < 0:', '    raise ValueError("age")', 'return age > 18'), 'value-false'),
    wrong(def('check(age)', 'if age < 0:', '    raise ValueError("age")', 'return age < 18'), 'value-opposite'),
    wrong(def('check(age)', 'return age >= 18'), 'raises-missing', 'edge-negative'),
    wrong(
      def('check(age)', 'if age < 0:', '    ValueError("age")', 'return age >= 18'),
      'smell-lost-error',
      'raises-missing',
      'edge-negative',
    ),
    wrong(
      def('check(age)', 'if age < 0:', '    return ValueError("age")', 'return age >= 18'),
      'smell-returned-error',
      'raises-returned',
      'edge-negative',
    ),
    wrong(
      def('check(age)', 'if age < 0:', '    raise TypeError("age")', 'return age >= 18'),
      'raises-other',
      'edge-negative',
    ),
    wrong(def('check(age)', 'while age < 0: pass', 'return age >= 18'), 'edge-negative'),
    wrong(
      def('check(age)', 'if age < 0 or "x":', '    raise ValueError("age")', 'return age >= 18'),
      'smell-always-true',
      'raises-unexpected',
    ),
    wrong(
      def(
        'check(age)',
        'try:',
        '    if age < 0:',
        '        raise ValueError',
        'except Exception:',
        '    pass',
        'return age >= 18',
      ),
      'smell-swallowed-error',
      'raises-swallowed',
      'edge-negative',
    ),
  ],
}

const dog: Task = {
  exercise: {
    entry: ['Dog'],
    kind: 'class',
    reference:
      'class Dog:\n    def __init__(self, name): self.name = name\n    def bark(self): return self.name + "!"\n',
    tests: pairs(['Dog("Rex").bark()', '"Rex!"'], ['Dog("Bo").bark()', '"Bo!"'], ['Dog("A").name', '"A"']),
  },
  right:
    'class Dog:\n    def __init__(self, name):\n        self.name = name\n    def bark(self):\n        return self.name + "!"\n',
  mistakes: [
    wrong(
      'class Dog:\n    def __init__(self, name):\n        self.name = name\n    def bark():\n        return "!"\n',
      'error-self-missing',
    ),
    wrong(
      'class Dog:\n    def __init__(self, name):\n        self.name = name\n    def bark(self):\n        return self.name + "?"\n',
    ),
    wrong(
      'class Dog:\n    def __init__(self, name):\n        name = name\n    def bark(self):\n        return self.name + "!"\n',
      'error-attribute',
    ),
    wrong(
      'class Dog:\n    def __init__(self, name):\n        self.name = name\n    def bark(self):\n        print(self.name + "!")\n',
      'value-printed',
    ),
  ],
}

const doubled: Task = {
  exercise: {
    kind: 'stdout',
    reference: 'n = int(input())\nprint(n * 2)\nprint("done")\n',
    tests: [
      { stdin: '4\n', stdout: '8\ndone\n' },
      { stdin: '7\n', stdout: '14\ndone\n' },
      { stdin: '10\n', stdout: '20\ndone\n' },
    ],
  },
  right: 'n = int(input())\nprint(n * 2)\nprint("done")\n',
  mistakes: [
    wrong('n = int(input())\nprint(n * 3)\nprint("done")\n'),
    wrong('n = int(input("n? "))\nprint(n * 2)\nprint("done")\n', 'output-prompt'),
    wrong(
      'n = int(input())\nprint(n * 2)\nprint("done")\ninput("Press enter")\n',
      'input-exhausted',
      'error-end-of-input',
    ),
    wrong('n = int(input())\nprint(n * 2)\nprint("Done")\n', 'text-case'),
    wrong('n = int(input())\nprint(n * 2)\nprint("done.")\n', 'output-punctuation', 'output-extra', 'output-words'),
    wrong('n = int(input())\nprint(n * 2)\n', 'output-last-line-missing'),
    wrong('n = input()\nprint(n * 2)\nprint("done")\n'),
    wrong('n = int(input())\n', 'output-nothing'),
    wrong('n = int(input())\nprint("twice:", n * 2)\nprint("done")\n', 'output-prompt', 'output-words'),
  ],
}

export const tasks: readonly Task[] = [square, positives, clean, adult, dog, doubled]

const stub = (name: string, ...methods: string[]): string =>
  `class ${name}:\n${methods.map(method => `    def ${method}(self, *rest): self.last = rest\n`).join('')}`

/**
 * What real programs have beside what is asked, and means it: each runs without an error, prints nothing and changes
 * nothing for the rest of the program. `top` goes before a program.
 */
export const harmless: readonly string[] = [
  '',
  `${stub('Plot', 'title', 'replace', 'lower')}plt = Plot()\nplt.title("Growth")\nplt.replace("a", "b")\nplt.lower()\n`,
  `${stub('Team', 'join', 'split', 'strip')}team = Team()\nteam.join("x")\nteam.split()\nteam.strip()\n`,
  'import threading\nclass Worker(threading.Thread):\n    def start(self): pass\n    def join(self, timeout=None): return ""\nthread = Worker()\nthread.start()\nthread.join()\n',
  'names = ["a", "b"]\n", ".join(names)\n"x".upper()\n',
  'try:\n    import antigravity_of_mine\nexcept:\n    pass\n',
  'def area():\n    return 3 * 4\n',
  'def show(event, widget):\n    return None\n',
  'def call(self, x):\n    return x\n',
  'def ask_number():\n    while True:\n        try:\n            return int("3")\n        except ValueError:\n            return 0\n',
  'def first_even(numbers):\n    for number in numbers:\n        return number\n    return None\nfirst_even([2])\n',
  'def collect(x, seen=[]):\n    seen.append(x)\n    return seen\n',
  'class Registry:\n    known = []\n    def add(self, x):\n        self.known.append(x)\n',
  'class Base:\n    def __init__(self):\n        self.a = 1\nclass Child(Base):\n    def __init__(self):\n        self.a = 2\n',
  'class Stack:\n    def __init__(self):\n        self.items = []\n    def push(self, x):\n        return self.items.append(x)\n    def insert(self, x):\n        return self\ns = Stack()\ns = s.insert(3)\ns.push(1)\n',
  'zero = 0\nif zero is 0:\n    zero = 0\n',
  'name = "ada"\nif name is "ada":\n    name = "bo"\n',
  'choice = "b"\nif choice == "a" or "b":\n    choice = "c"\n',
  'x = 3\nx == 3\nx > 2\n',
  'class InputError(Exception):\n    pass\ndef make(text):\n    return InputError(text)\nInputError("kept")\nmake("x")\n',
  'def showError(text):\n    return text\nshowError("ready")\n',
  'queue = [1]\nfor job in queue:\n    if job < 3:\n        queue.append(job + 1)\n',
  'def countdown(n):\n    if n > 0:\n        countdown(n - 1)\n    return n\ncountdown(3)\n',
  'import os\ndef write_all():\n    for part in range(2):\n        with open("note.txt", "w") as file:\n            file.write(str(part))\n',
  'from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int = 0\n',
  'text = "  a "\ntext.strip()\ntext.replace("a", "b")\n',
  'def log(*args, **kwargs):\n    try:\n        open("/nowhere/at all")\n    except Exception as e:\n        kwargs = None\nlog(1)\n',
  'def same(a, b):\n    return a is b\n',
  'total = 0\nfor i in range(3):\n    total += i\n    continue\n',
  'pairs = sorted({"b": 1}.items(), key=lambda pair: pair[1])\nordered = [3, 1]\nordered.sort()\nlast = ordered.pop()\n',
  'import random\nrandom.shuffle([1, 2])\nvalues = {1, 2}\nvalues.add(3)\n',
  'def reset(cache={}):\n    cache.clear()\n    return cache\nreset()\n',
]
