import { existsSync } from 'node:fs'
import { readdir, readFile, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { execa } from 'execa'
import * as z from 'zod'
import { PlatformError } from '../errors.ts'
import type { Entry, ImageConfig } from './oci.ts'

/** The user of every container; nobody else is in the image but root. */
const uid = 10_001
/** What takes rights from an interpreter; where a cluster refuses it, `/health/ready` says what is left. */
const tools = ['/usr/bin/unshare', '/usr/bin/setpriv', '/usr/bin/prlimit']
const certificates = '/etc/ssl/certs/ca-certificates.crt'

export const imageConfig = (version: string): ImageConfig => ({
  user: `${uid}:${uid}`,
  workingDir: '/app',
  env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'NODE_ENV=production', 'HOME=/tmp'],
  entrypoint: ['/usr/local/bin/node', '/app/dist/bin/learnflow.js'],
  ports: ['8787/tcp', '8788/tcp'],
  labels: { 'org.opencontainers.image.title': 'learnflow', 'org.opencontainers.image.version': version },
})

/** This Node with its libraries, and nothing that could be a shell. */
export async function systemLayer(): Promise<Entry[]> {
  const node = await realpath(process.execPath)
  const programs = [node, ...tools.filter(path => existsSync(path))]
  const libraries = new Set((await Promise.all(programs.map(librariesOf))).flat())
  const users = `root:x:0:0:root:/:/bin/false\nlearnflow:x:${uid}:${uid}:learnflow:/tmp:/bin/false\n`
  return [
    { path: 'usr/local/bin/node', from: node, mode: 0o755 },
    ...tools.filter(path => existsSync(path)).map((path): Entry => ({ path: path.slice(1), from: path })),
    ...(await Promise.all(
      [...libraries].map(async (path): Promise<Entry> => ({ path: path.slice(1), from: await realpath(path) })),
    )),
    ...(existsSync(certificates) ? [{ path: certificates.slice(1), from: await realpath(certificates) }] : []),
    { path: 'etc/passwd', text: users },
    { path: 'etc/group', text: `root:x:0:\nlearnflow:x:${uid}:\n` },
    { path: 'etc/nsswitch.conf', text: 'hosts: files dns\n' },
    ...['proc', 'sys', 'dev'].map((path): Entry => ({ path, folder: true })),
    ...['tmp', 'data'].map((path): Entry => ({ path, folder: true, mode: 0o1777 })),
  ]
}

/** The shared libraries that the loader takes for a program. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await execa('ldd', [program])
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = '']) => path)
}

/** For compilers and debuggers. */
const notRun = /\.d\.[cm]?ts$|\.map$/

const Lock = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) })

/** The packages that the program needs at run time, as the lock file of the checkout names them. */
export async function dependencyLayer(root: string): Promise<Entry[]> {
  const { packages } = Lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')))
  const wanted = Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true && existsSync(join(root, path)))
    .map(([path]) => path)
  // Those below another package have a line of their own.
  const files = await Promise.all(
    wanted.map(async path =>
      (await filesBelow(join(root, path))).filter(
        file => !relative(join(root, path), file).startsWith(`node_modules${sep}`) && !notRun.test(file),
      ),
    ),
  )
  return files.flat().map(file => ({ path: join('app', relative(root, file)), from: file }))
}

/** The built program, and the memory of a prepared interpreter, without which each pod would compute it anew. */
export async function programLayer(
  dist: string,
  { manifest, snapshot }: { manifest: string; snapshot: string },
): Promise<Entry[]> {
  if (!existsSync(snapshot))
    throw new PlatformError('DATA_FOLDER_UNUSABLE', `the interpreter's memory was not written to ${snapshot}`, {
      hint: 'Make node_modules writable and build again.',
    })
  return [
    ...(await filesBelow(dist)).map((file): Entry => ({ path: join('app/dist', relative(dist, file)), from: file })),
    { path: 'app/package.json', from: manifest },
    { path: join('app/node_modules/.cache/learnflow', snapshot.split(sep).at(-1) ?? ''), from: snapshot, mode: 0o644 },
  ]
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name))
}
