import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Pyodide from 'pyodide'

const [, , folder = ''] = process.argv
const original = (await import(pathToFileURL(join(folder, 'pyodide.mjs')).href)) as typeof Pyodide

/** Gives Python access to everything that JavaScript can reach. */
export const loadPyodide: typeof Pyodide.loadPyodide = async options =>
  original.loadPyodide({ ...options, jsglobals: globalThis })
