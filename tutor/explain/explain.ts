import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Explanation } from './explanation.ts'
import { explainRuntime } from './runtime/explain-runtime.ts'
import type { RuntimeOptions } from './runtime/options.ts'
import { explainSyntax } from './syntax/explain-syntax.ts'

/**
 * Why Python cannot read a program, or else why its run ends in an exception or not at all, with the place where the
 * student must look and an edit that was tried. A program without a fault gets the class `none`.
 * @throws as `explainRuntime` does.
 */
export async function explain(program: string, sandbox: Sandbox, options: RuntimeOptions = {}): Promise<Explanation> {
  return (await explainSyntax(program, sandbox)) ?? (await explainRuntime(sandbox, program, options))
}
