import type { PythonValue } from '../../platform/ports/python-value.ts'

/** The maximum length of a value's text in a grade; the rest is shown as `...`. */
const maxLength = 300

class Full extends Error {}

/** Text as Python's `repr` writes it, at most `limit` characters. */
export function repr(value: PythonValue, limit = maxLength): string {
  const parts: string[] = []
  let size = 0
  const write = (text: string): void => {
    parts.push(text)
    size += text.length
    if (size > limit) throw new Full()
  }
  try {
    print(value, write)
    return parts.join('')
  } catch (error) {
    if (!(error instanceof Full)) throw error
    return `${parts.join('').slice(0, limit - 3)}...`
  }
}

type Write = (text: string) => void

function print(value: PythonValue, write: Write): void {
  switch (value.kind) {
    case 'none':
      return write('None')
    case 'bool':
      return write(value.value ? 'True' : 'False')
    case 'int':
      return write(value.value.toString())
    case 'float':
      return write(floatText(value.value))
    case 'complex':
      return write(complexText(value.real, value.imaginary))
    case 'str':
      return write(stringText(value.value))
    case 'bytes':
      return write(bytesText(value.value))
    case 'dict':
      return printItems('{', value.entries, '}', write, ([key, item]) => {
        print(key, write)
        write(': ')
        print(item, write)
      })
    case 'other':
      return write(value.repr)
    default:
      if (value.view !== undefined)
        return printItems(`${value.view}([`, value.items, '])', write, item => print(item, write))
      printSequence(value.kind, value.items, write)
  }
}

const brackets = { list: ['[', ']'], tuple: ['(', ')'], set: ['{', '}'], frozenset: ['frozenset({', '})'] } as const

function printSequence(kind: keyof typeof brackets, items: readonly PythonValue[], write: Write): void {
  if (items.length === 0 && (kind === 'set' || kind === 'frozenset')) return write(`${kind}()`)
  const [open, close] = brackets[kind]
  printItems(open, items, kind === 'tuple' && items.length === 1 ? ',)' : close, write, item => print(item, write))
}

function printItems<Item>(
  open: string,
  items: readonly Item[],
  close: string,
  write: Write,
  each: (item: Item) => void,
): void {
  write(open)
  for (const [at, item] of items.entries()) {
    if (at > 0) write(', ')
    each(item)
  }
  write(close)
}

/** The shortest digits that read back the same, with an exponent below 1e-4 and from 1e16 on (float.__repr__). */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', power = '0'] = Math.abs(value).toExponential().split('e')
  const sign = value < 0 ? '-' : ''
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16)
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  const digits = mantissa.replace('.', '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

function complexText(real: number, imaginary: number): string {
  const part = (value: number): string => floatText(value).replace(/\.0$/, '')
  if (Object.is(real, 0)) return `${part(imaginary)}j`
  const text = part(imaginary)
  return `(${part(real)}${text.startsWith('-') ? '' : '+'}${text}j)`
}

const shortEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A Python string literal of a text. */
export function stringText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `${quote}${text.replaceAll(/[\\\n\r\t'"]|[\p{C}\p{Z}]/gu, found => escaped(found, quote))}${quote}`
}

function escaped(found: string, quote: string): string {
  if (found === ' ') return found
  if (found === "'" || found === '"') return found === quote ? `\\${found}` : found
  const short = shortEscapes[found]
  if (short !== undefined) return short
  const point = found.codePointAt(0) ?? 0
  const hex = point.toString(16)
  if (point < 0x100) return `\\x${hex.padStart(2, '0')}`
  return point < 0x1_00_00 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

function bytesText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1')
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `b${quote}${text.replaceAll(/[\\'"]|[^\u0020-\u007E]/g, found => escaped(found, quote))}${quote}`
}
