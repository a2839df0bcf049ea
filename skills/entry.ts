import { extname, join } from 'node:path'

/** The file of the `learnflow` command, with which targets start their processes. */
export const entry = join(import.meta.dirname, '..', 'bin', `learnflow${extname(import.meta.filename)}`)
