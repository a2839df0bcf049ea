import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox } from '../../platform/drivers/sandbox/pyodide.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { exerciseOf } from '../test-exercise.ts'
import { gradeProgram } from './grade.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await openSandbox({ processes: 1 })
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const square = exerciseOf({
  entry: ['square'],
  reference: 'def square(n): return n * n\n',
  limits: { seconds: 1, megabytes: 50 },
  tests: Array.from({ length: 11 }, (_, n) => ({ call: `square(${n})`, expect: String(n * n) })),
})
const right = 'def square(n): return n * n\n'
const grade = async (code: string) => gradeProgram(code, square, sandbox, { seed: '1' })

test.each([
  ['sleeps', `import time\ntime.sleep(0.45)\n${right}`],
  ['sleeps for long', `import time\ntime.sleep(3_600)\n${right}`],
  ['shows something that takes long', `for n in range(3_000_000): pass\n${right}`],
  ['exits at its end', `${right}exit()\n`],
  ['quits at its end', `${right}print(square(2))\nquit()\n`],
  ['ends with an exit code', `import sys\n${right}sys.exit("done")\n`],
  ['exits where it is the program', `${right}if True:\n    raise SystemExit\n`],
  ['leaves at once', `import os\n${right}os._exit(0)\n`],
])('a right program that %s passes', async (_, code) => {
  expect(await grade(code)).toMatchObject({ verdict: 'passed', score: 1 })
})

const noted = async (code: string) => {
  const { verdict, notes } = await grade(code)
  return { verdict, notes: notes.map(({ code: said, params, line }) => [said, params['name'], line]) }
}

test.each([
  ["import os\nos.system('cls' if os.name == 'nt' else 'clear')", 'absent-command', 'os.system', 2],
  ["from os import popen\nprint(popen('date').read())", 'absent-command', 'os.popen', 2],
  ["import subprocess\nsubprocess.run('clear', shell=True)", 'absent-command', 'subprocess.run', 2],
  [
    "import webbrowser\nwebbrowser.open_new_tab('https://docs.python.org')",
    'absent-command',
    'webbrowser.open_new_tab',
    2,
  ],
  ['import numpy as np', 'absent-package', 'numpy', 1],
  ['from matplotlib import pyplot as plt', 'absent-package', 'matplotlib', 1],
  ['import sklearn.linear_model', 'absent-package', 'sklearn', 1],
  ['import cs50', 'absent-package', 'cs50', 1],
  ['from validator_collection.checkers import is_email', 'absent-package', 'validator_collection', 1],
  ['import helper', 'absent-package', 'helper', 1],
])('a right program with %j at its top passes with the note %s', async (top, code, name, line) => {
  expect(await noted(`${top}\n${right}`)).toEqual({ verdict: 'passed', notes: [[code, name, line]] })
})

test('a right program that asks for input after what it defines passes with a note', async () => {
  const asking = `${right}print(square(int(input("n: "))))\n`
  expect(await noted(asking)).toEqual({ verdict: 'passed', notes: [['absent-input', undefined, 2]] })
})

test('a command that must be there, a package that is used and one that nobody has are errors', async () => {
  const missing = ['absent-package', 'numpy', 1]
  expect(await noted(`import numpy as np\nnp.random.seed(0)\n${right}`)).toEqual({ verdict: 'error', notes: [missing] })
  const used = await noted('import numpy as np\ndef square(n): return np.square(n)\n')
  expect([used.verdict, used.notes]).toEqual(['failed', expect.arrayContaining([missing])])
  for (const misspelt of ['maths', 'Random', 'collection', 'os.paths', 'datetime.date'])
    expect(await noted(`import ${misspelt}\n${right}`)).toEqual({ verdict: 'error', notes: [] })
  const run = await grade(`import subprocess\nsubprocess.run(["clear"])\n${right}`)
  expect(run).toMatchObject({ verdict: 'error', error: { type: 'FileNotFoundError', line: 2 } })
  expect(run.notes).toContainEqual(expect.objectContaining({ code: 'absent-command', line: 2 }))
})

test('a program that starts a thread is told that there is none', async () => {
  const pool = 'from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor().submit(print)\n'
  for (const start of ['import threading\nthreading.Thread(target=print).start()\n', pool])
    expect(await noted(start + right)).toEqual({ verdict: 'error', notes: [['absent-thread', undefined, undefined]] })
})

test('a right program that sets the mask of its files passes', async () =>
  expect(await noted(`import os\nos.umask(0o077)\n${right}`)).toEqual({ verdict: 'passed', notes: [] }))

test('a program that minds a missing package itself sees that it is missing', async () => {
  const minding =
    'try:\n    import numpy\nexcept ImportError:\n    numpy = None\ndef square(n): return n * n if numpy is None else 0\n'
  expect(await noted(minding)).toEqual({ verdict: 'passed', notes: [] })
})

test('a program that leaves before it defines anything is told that it ended itself', async () => {
  expect(await grade(`exit()\n${right}`)).toMatchObject({ verdict: 'error', error: { type: 'SystemExit', line: 1 } })
})

test('a program that leaves in a test fails that test', async () => {
  const { verdict, tests } = await grade('def square(n):\n    if n == 3: exit()\n    return n * n\n')
  expect([verdict, tests.filter(({ passed }) => !passed).map(({ call }) => call)]).toEqual(['failed', ['square(3)']])
})

const greeting = (kind: 'function' | 'stdout') => {
  const call = kind === 'function' ? { call: 'greet()' } : {}
  return exerciseOf({
    kind,
    ...(kind === 'function' ? { entry: ['greet'] } : {}),
    reference: `def greet(): print("Hello " + input())\n${kind === 'stdout' ? 'greet()\n' : ''}`,
    tests: ['Bo', 'Al', 'Cy'].map(name => ({ ...call, stdin: `${name}\nmore\n`, stdout: `Hello ${name}\n` })),
  })
}
test.each(['', 'exit()', 'quit()', 'import sys\nsys.exit()', 'import os\nos._exit(0)'])(
  'a right program that reads a part of its input and ends with %j passes',
  async end => {
    for (const [kind, use] of [['function', ''] as const, ['stdout', 'greet()\n'] as const]) {
      const code = `def greet(): print("Hello " + input())\n${use}${end}\n`
      expect(await gradeProgram(code, greeting(kind), sandbox, { seed: '1' })).toMatchObject({ verdict: 'passed' })
    }
  },
)
