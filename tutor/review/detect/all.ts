import type { Detector } from './found.ts'
import { complexFunction, deepNesting, longFunction, repeatedCode } from './complexity.ts'
import { constantCondition, lostValue, orConstant, sameBranches, swallowedError, unreachable } from './conditions.ts'
import { countInLoop, insertAtStart, repeatedCall, searchInLoop, sortInLoop, textInLoop } from './cost.ts'
import { debugPrint, magicNumber, needlessParentheses, unusedParameter } from './functions.ts'
import { rangeLen, selfUpdate, swap, whileCounter } from './loops.ts'
import { misleadingName, numberedNames, unclearNames } from './names.ts'

/** Our own rules. Each says only rules of `rules.yaml`. */
export const detectors: readonly Detector[] = [
  [complexFunction, deepNesting, longFunction, repeatedCode],
  [constantCondition, lostValue, orConstant, sameBranches, swallowedError, unreachable],
  [countInLoop, insertAtStart, repeatedCall, searchInLoop, sortInLoop, textInLoop],
  [debugPrint, magicNumber, needlessParentheses, unusedParameter, misleadingName, numberedNames, unclearNames],
  [rangeLen, selfUpdate, swap, whileCounter],
].flat()
