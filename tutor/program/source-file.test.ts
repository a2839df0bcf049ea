import { expect, test } from 'vitest'
import { notebookCode, sourceText } from './source-file.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

test.each([
  ['UTF-8', Buffer.from("print('Größe')\n"), "print('Größe')\n"],
  ['UTF-8 with a mark', Buffer.from('\ufeffx = 1\n'), 'x = 1\n'],
  [
    'Latin-1 that says so',
    latin1("# -*- coding: latin-1 -*-\nx = 'Größe'\n"),
    "# -*- coding: latin-1 -*-\nx = 'Größe'\n",
  ],
  ['in line two', latin1("#!/usr/bin/python\n# vim: set fileencoding=iso-8859-1 :\nx = 'ß'"), /x = 'ß'$/],
  ['Windows-1252', latin1("# coding: cp1252\nx = '\x80'"), /x = '€'$/],
  ['Cyrillic', Buffer.concat([latin1("# coding: koi8-r\nx = '"), Buffer.from([0xc1]), latin1("'")]), /x = 'а'$/],
  ['UTF-8 that says so', Buffer.from("# coding: utf_8\nx = 'ß'"), /x = 'ß'$/],
  ['a cookie in line three is none', Buffer.from("\n\n# coding: latin-1\nx = 'ß'"), /x = 'ß'$/],
  ['a dictionary', Buffer.from('{"nbformat": 4, "cells": 1}'), /nbformat/],
])('a source file is read as Python reads it: %s', (_name, bytes, text) => {
  if (typeof text === 'string') expect(sourceText(bytes, 'a.py')).toBe(text)
  else expect(sourceText(bytes, 'a.py')).toMatch(text)
})

const notebook = JSON.stringify({
  nbformat: 4,
  cells: [
    { cell_type: 'markdown', source: ['# Title'] },
    { cell_type: 'code', source: ['import math\n', '%matplotlib inline\n', 'x = 1'] },
    { cell_type: 'code', source: 'print(x)' },
  ],
})

test.each([
  ['Latin-1 that does not say so', latin1("x = 1\ny = 'Größe'\n"), 'line 2, column 8, holds the byte 0xf6'],
  ['a character cut off', Buffer.from([0x78, 0x20, 0xe2, 0x82]), 'line 1, column 3, holds the byte 0xe2'],
  ['UTF-16 with a mark', Buffer.from('\ufeffprint(1)', 'utf16le'), 'text in UTF-16'],
  ['UTF-16 without a mark', Buffer.from('print(1)', 'utf16le'), 'text in UTF-16'],
  ['Word', latin1('PK\x03\x04....word/document.xml'), 'a Word document'],
  ['a ZIP', latin1('PK\x03\x04....a.py'), 'a ZIP file'],
  ['RTF', latin1('{\\rtf1\\ansi print(1)}'), 'RTF'],
  ['a NUL byte', latin1('x = 1\nab\0'), 'NUL byte, line 2, column 3,'],
  ['a mark and another encoding', Buffer.from('\ufeff# coding: latin-1\n'), 'begins as UTF-8 but line 1 says latin-1'],
  ['an encoding that nobody knows', Buffer.from('# coding: klingon\n'), 'klingon'],
  ['a notebook', Buffer.from(notebook), 'a Jupyter notebook with 2 cells of code'],
])('what is no source file is refused with the place or what it looks like: %s', (_name, bytes, message) => {
  expect(() => sourceText(bytes, 'a.py')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  expect(() => sourceText(bytes, 'a.py')).toThrow(message)
})

test('the code of a notebook is a program, without the lines for IPython', () => {
  expect(notebookCode(Buffer.from(notebook), 'a.ipynb')).toBe('import math\n# %matplotlib inline\nx = 1\n\nprint(x)\n')
  expect(() => notebookCode(Buffer.from('x = 1'), 'a.py')).toThrow('is no Jupyter notebook')
})
