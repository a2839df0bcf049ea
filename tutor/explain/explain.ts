import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Explanation } from './explanation.ts'
import { explainSyntax } from './syntax/explain-syntax.ts'

/** The answer about a program in which no fault was found. */
const none: Explanation = {
  class: 'none',
  title: 'No error',
  cause: 'Python can read this program.',
  question: 'What did you expect it to do, and what does it do?',
  line: 1,
  column: 1,
}

/**
 * Why a program does not work as Python code, with the place where the student must look and an edit that was tried.
 * A program without a fault gets the class `none`.
 */
export async function explain(program: string, sandbox: Sandbox): Promise<Explanation> {
  return (await explainSyntax(program, sandbox)) ?? none
}
