/**
 * Plain built-in Python data from the interpreter, read from the storage of the built-in type, whatever a subclass
 * overrides. `other` is anything else.
 */
export type PythonValue =
  | { kind: 'none' }
  | { kind: 'bool'; value: boolean }
  | { kind: 'int'; value: bigint }
  | { kind: 'float'; value: number }
  | { kind: 'complex'; real: number; imaginary: number }
  | { kind: 'str'; value: string }
  | { kind: 'bytes'; value: Uint8Array }
  | { kind: 'list' | 'tuple' | 'set' | 'frozenset'; items: PythonValue[] }
  | { kind: 'dict'; entries: [PythonValue, PythonValue][] }
  | { kind: 'other'; type: string; repr: string }
