/**
 * Plain built-in Python data from the interpreter, read from the storage of the built-in type, whatever a subclass
 * overrides. A `view` of a dict is the set it equals. `other` is anything else; a Fraction or a finite Decimal with its
 * exact value, numerator and denominator, the latter positive.
 */
export type PythonValue =
  | { kind: 'none' }
  | { kind: 'bool'; value: boolean }
  | { kind: 'int'; value: bigint }
  | { kind: 'float'; value: number }
  | { kind: 'complex'; real: number; imaginary: number }
  | { kind: 'str'; value: string }
  | { kind: 'bytes'; value: Uint8Array }
  | { kind: 'list' | 'tuple' | 'set' | 'frozenset'; items: PythonValue[]; view?: 'dict_keys' | 'dict_items' }
  | { kind: 'dict'; entries: [PythonValue, PythonValue][] }
  | { kind: 'other'; type: string; repr: string; ratio?: readonly [bigint, bigint] }
