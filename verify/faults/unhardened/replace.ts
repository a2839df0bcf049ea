import { registerHooks } from 'node:module'
import { extname } from 'node:path'

const extension = extname(import.meta.filename)
const folder = new URL('.', import.meta.url).href
/** The module of this folder that is loaded instead, by the end of the original's URL. */
const replacements = [
  [`/child/gate${extension}`, `gate${extension}`],
  [`/child/harden${extension}`, `harden${extension}`],
  [`/child/prepare${extension}`, `prepare${extension}`],
  ['/pyodide.mjs', `pyodide${extension}`],
] as const

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    // The replacements themselves import the originals.
    if (context.parentURL?.startsWith(folder) === true) return found
    const other = replacements.find(([end]) => found.url.endsWith(end))?.[1]
    return other === undefined ? found : next(new URL(other, folder).href, context)
  },
})
