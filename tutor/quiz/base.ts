import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { type Material, type Way, wholeProgram } from './material.ts'
import { glance, isAskable, isShowable, isSteady, printedBy } from './outputs.ts'
import { solve } from './solve.ts'

/** A way to run a program that can be asked about, with the program as it is shown, and what it prints. */
export interface ShownWay {
  way: Way
  code: string
  printed: string
}

/** What is known of a program after its own runs, which come before those of its changes. */
interface Base {
  ways: readonly ShownWay[]
  /** Whether it is a proven solution of its exercise. */
  isSolution(): Promise<boolean>
}

/** So many ways of a program are run. */
const maxWays = 6
const bases = new WeakMap<Material, Promise<Base>>()

/** Runs a program in its first few ways, once: one that ends in none of them within some steps is not run again. */
export async function baseOf(material: Material, sandbox: Sandbox): Promise<Base> {
  const found = bases.get(material) ?? look(material, sandbox)
  bases.set(material, found)
  return found
}

async function look(material: Material, sandbox: Sandbox): Promise<Base> {
  const ways: ShownWay[] = []
  let isAlive = material.ways.length === 0
  for (const way of material.ways.slice(0, maxWays)) {
    const code = wholeProgram(material, material.program, way)
    const [seen] = await glance([code], way, sandbox)
    if (typeof seen === 'string') isAlive = true
    // A program that did not end once is given up.
    else if (!isAlive) break
    if (typeof seen !== 'string' || !isAskable(code, material) || !isSteady(code, material) || !isShowable(seen))
      continue
    if ((await printedBy(code, way, material, sandbox)) === seen) ways.push({ way, code, printed: seen })
  }
  let proof: Promise<boolean> | undefined
  return { ways, isSolution: async () => (proof ??= isAlive ? proven(material, sandbox) : Promise.resolve(false)) }
}

async function proven({ exercise, right, program, owner }: Material, sandbox: Sandbox): Promise<boolean> {
  return exercise !== undefined && right && (await solve(program, { exercise }, sandbox, owner)).right
}
