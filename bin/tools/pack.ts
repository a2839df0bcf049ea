import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { execa } from 'execa'

const root = join(import.meta.dirname, '..', '..')
/** The folders whose files the program reads at run time: SQL, Python, exercises, schemas, skills, manifests. */
const folders = [
  'agents',
  'api',
  'bench',
  'bin',
  'examples',
  'exercises',
  'host',
  'manifests',
  'mcp-server',
  'platform',
  'schemas',
  'skills',
  'tutor',
  'verify',
]
const notPacked = /(?:\.test\.ts|\.ts|\.mjs)$/
const notPackedFolders =
  /^(?:api\/fixture|mcp-server\/(?:conformance|fixture)|skills\/evals|bin\/tools|platform\/(?:[^/]+\/)+fixture)(?:\/|$)/

/**
 * Builds `dist`, which the published package runs: the sources as JavaScript and, at the same paths, the files they
 * read. Node does not run TypeScript below node_modules.
 */
export async function buildPackage(to: string = join(root, 'dist')): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await mkdir(to)
  await execa(
    process.execPath,
    [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json'), '--outDir', to],
    {
      cwd: root,
    },
  )
  for (const folder of folders.filter(name => existsSync(join(root, name))))
    await cp(join(root, folder), join(to, folder), {
      recursive: true,
      filter: path => isPacked(relative(root, path).split(sep).join('/')),
    })
  const { name, version, type } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >
  await writeFile(join(to, 'package.json'), `${JSON.stringify({ name, version, type, private: true }, null, 2)}\n`)
}

const isPacked = (path: string): boolean => !notPacked.test(path) && !notPackedFolders.test(path)

if (import.meta.main) await buildPackage(process.argv[2])
