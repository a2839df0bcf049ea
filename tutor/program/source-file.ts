import * as z from 'zod'
import { PlatformError } from '../../platform/errors.ts'
import { hasMark, readUtf8 } from './utf8.ts'

/** PEP 263: a comment in one of the first two lines names the encoding. */
const cookie = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/
const blank = /^[ \t\f]*(?:#.*)?$/
const maxShown = 40

/** What a file is that is no Python source: recognised by its first bytes. */
const formats: readonly { begins: string; is: string }[] = [
  { begins: '\xff\xfe', is: 'text in UTF-16' },
  { begins: '\xfe\xff', is: 'text in UTF-16' },
  { begins: '\xd0\xcf\x11\xe0', is: 'a document of an old Word or Excel' },
  { begins: '%PDF-', is: 'a PDF' },
  { begins: '{\\rtf', is: 'a document in RTF' },
  { begins: '\x1f\x8b', is: 'a file packed with gzip' },
  { begins: '7z\xbc\xaf', is: 'a file packed with 7-Zip' },
  { begins: '\x89PNG', is: 'a picture' },
  { begins: '\xff\xd8\xff', is: 'a picture' },
]

/**
 * The text of a Python source file, read as Python reads it: UTF-8, with or without a byte order mark, or the encoding
 * that a comment in its first two lines names (PEP 263). `name` is how messages call the file.
 * @throws INVALID_INPUT for anything else, naming line and column, or what the file looks like.
 */
export function sourceText(bytes: Uint8Array, name: string): string {
  const known = formatOf(bytes)
  if (known !== undefined) throw noSource(name, `is ${known}, not the text of a program`, plainText)
  const declared = declaredEncoding(bytes)
  if (declared !== undefined && !isUtf8(declared.encoding)) return declaredText(bytes, declared, name)
  const read = readUtf8(bytes)
  if ('badAt' in read) {
    const shown = `0x${(bytes[read.badAt] ?? 0).toString(16)}`
    throw noSource(
      name,
      `is not UTF-8: ${placeOf(bytes, read.badAt)} holds the byte ${shown}`,
      'Save it as UTF-8, or name its encoding in the first line: # -*- coding: latin-1 -*-',
    )
  }
  const nul = bytes.indexOf(0)
  if (nul >= 0) throw noSource(name, `contains a NUL byte, ${placeOf(bytes, nul)}`, plainText)
  const cells = codeCells(read.text)
  if (cells !== undefined)
    throw noSource(
      name,
      `is a Jupyter notebook with ${cells.length} cells of code, not a program`,
      `learnflow tutor notebook ${name} prints its code as a program.`,
    )
  return read.text
}

/** The code of a notebook (nbformat 4) as one program; lines for IPython become comments. @throws INVALID_INPUT */
export function notebookCode(bytes: Uint8Array, name: string): string {
  const read = readUtf8(bytes)
  const cells = 'text' in read ? codeCells(read.text) : undefined
  if (cells === undefined) throw noSource(name, 'is no Jupyter notebook', 'Give the path of an .ipynb file.')
  return cells.map(cell => `${cell.replaceAll(/^(?=[ \t]*[%!])/gm, '# ').trimEnd()}\n`).join('\n')
}

const plainText = 'Save it as plain text in UTF-8, with a name that ends in .py.'

const noSource = (name: string, what: string, hint: string): PlatformError =>
  new PlatformError('INVALID_INPUT', `${name} ${what}`, { hint })

function formatOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 4_096)).toString('latin1')
  if (head.startsWith('PK\x03\x04'))
    return /word\//.test(Buffer.from(bytes).toString('latin1')) ? 'a Word document' : 'a ZIP file'
  const found = formats.find(({ begins }) => head.startsWith(begins))
  if (found !== undefined) return found.is
  // UTF-16 without a mark: every other byte of English text is NUL.
  return head.length > 3 && /^(?:[^\0]\0)+$|^(?:\0[^\0])+$/.test(head.slice(0, 8)) ? 'text in UTF-16' : undefined
}

interface Declared {
  encoding: string
  line: number
}

function declaredEncoding(bytes: Uint8Array): Declared | undefined {
  const lines = Buffer.from(bytes.subarray(0, 1_000))
    .toString('latin1')
    .split(/\r\n|\r|\n/, 2)
  for (const [at, line] of lines.entries()) {
    const encoding = cookie.exec(line.replace(/^\xef\xbb\xbf/, ''))?.[1]
    if (encoding !== undefined) return { encoding, line: at + 1 }
    if (!blank.test(line)) return undefined
  }
  return undefined
}

const isUtf8 = (encoding: string): boolean => /^utf[-_]?8(?:[-_]sig)?$/i.test(encoding)

function declaredText(bytes: Uint8Array, { encoding, line }: Declared, name: string): string {
  const shown = encoding.slice(0, maxShown)
  if (hasMark(bytes))
    throw noSource(name, `begins as UTF-8 but line ${line} says ${shown}`, 'Take the encoding out of that line.')
  // WHATWG's latin1 is Windows-1252; Python's is ISO 8859-1.
  if (/^(?:latin[-_]?1|iso[-_]?8859[-_]1|l1)$/i.test(encoding)) return Buffer.from(bytes).toString('latin1')
  try {
    return new TextDecoder(labelOf(encoding), { fatal: true }).decode(bytes)
  } catch {
    throw noSource(name, `cannot be read as ${shown}, which line ${line} says it is`, 'Save it as UTF-8.')
  }
}

/** Python's name of an encoding as the name that WHATWG's Encoding standard gives it. */
const labelOf = (encoding: string): string =>
  encoding
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^cp(?=125\d$)/, 'windows-')
    .replace(/^mac-roman$/, 'macintosh')
    .replace(/^shift-jis$/, 'shift_jis')

function placeOf(bytes: Uint8Array, at: number): string {
  const before = Buffer.from(bytes.subarray(0, at))
    .toString('utf8')
    .split(/\r\n|\r|\n/)
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1},`
}

const Notebook = z.object({
  nbformat: z.number(),
  cells: z.array(z.object({ cell_type: z.string(), source: z.union([z.string(), z.array(z.string())]) })),
})

/** The sources of the code cells, undefined when the text is no notebook. */
function codeCells(text: string): string[] | undefined {
  if (!/^\s*\{/.test(text) || !text.includes('"nbformat"')) return undefined
  try {
    const { cells } = Notebook.parse(JSON.parse(text))
    return cells.filter(({ cell_type: type }) => type === 'code').map(({ source }) => [source].flat().join(''))
  } catch {
    return undefined
  }
}
