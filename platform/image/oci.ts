import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, readlink, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack, type Pack } from 'tar-stream'

/** A file of a layer: its path in the image without the first slash, and where its content comes from. */
export type Entry =
  | { path: string; from: string; mode?: number }
  | { path: string; text: string; mode?: number }
  | { path: string; folder: true; mode?: number }

/** How a container of the image starts. */
export interface ImageConfig {
  user: string
  workingDir: string
  env: readonly string[]
  entrypoint: readonly string[]
  ports: readonly string[]
  labels: Readonly<Record<string, string>>
}

interface Blob {
  mediaType: string
  digest: string
  size: number
}

/** A layer as a file, and the digest of what is in it before it was compressed. */
interface Layer extends Blob {
  file: string
  diffId: string
}

export interface WrittenImage {
  /** Of the manifest, by which an image is pinned. */
  digest: string
  bytes: number
}

const media = (kind: string): string => `application/vnd.oci.image.${kind}`
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * Writes an OCI image archive (image-layout 1.0.0), which container engines and containerd load. The same input makes
 * the same bytes: entries are sorted, belong to root and have no times. `work` is a folder for the layers meanwhile.
 */
export async function writeImage(
  to: string,
  name: string,
  { layers, config, work }: { layers: readonly (readonly Entry[])[]; config: ImageConfig; work: string },
): Promise<WrittenImage> {
  const written: Layer[] = []
  for (const [at, entries] of layers.entries()) written.push(await writeLayer(join(work, `layer-${at}`), entries))
  const texts = new Map<string, string>()
  const put = (kind: string, value: object): Blob => {
    const text = JSON.stringify(value)
    const digest = createHash('sha256').update(text).digest('hex')
    texts.set(digest, text)
    return { mediaType: media(kind), digest: `sha256:${digest}`, size: Buffer.byteLength(text) }
  }
  const manifest = put('manifest.v1+json', {
    schemaVersion: 2,
    mediaType: media('manifest.v1+json'),
    config: put('config.v1+json', configOf(config, written)),
    layers: written.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  })
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        ...manifest,
        platform: platformOf(),
        annotations: {
          'io.containerd.image.name': fullName(name),
          'org.opencontainers.image.ref.name': name.split(':').at(-1) ?? 'latest',
        },
      },
    ],
  }
  const archive = pack()
  const fill = async (): Promise<void> => {
    await addText(archive, 'oci-layout', '{"imageLayoutVersion":"1.0.0"}')
    await addText(archive, 'index.json', JSON.stringify(index))
    for (const [digest, text] of texts) await addText(archive, `blobs/sha256/${digest}`, text)
    for (const { file, digest, size } of written)
      await addStream(archive, { name: `blobs/sha256/${digest.slice(7)}`, size }, createReadStream(file))
    archive.finalize()
  }
  // Under its own name it stands only when it is whole.
  const part = `${to}.part`
  try {
    await Promise.all([pipeline(archive, createWriteStream(part)), fill()])
    await rename(part, to)
  } finally {
    await rm(part, { force: true })
  }
  return { digest: manifest.digest, bytes: (await stat(to)).size }
}

/**
 * The name with its registry, as container runtimes complete a short one and ask for it. Source:
 * https://github.com/distribution/reference, normalize.go.
 */
export function fullName(name: string): string {
  const [first = '', ...rest] = name.split('/')
  if (rest.length === 0) return `docker.io/library/${name}`
  return /[.:]/.test(first) || first === 'localhost' ? name : `docker.io/${name}`
}

const platformOf = () => ({ architecture: architectures[process.arch] ?? process.arch, os: 'linux' })

const configOf = (
  { user, workingDir, env, entrypoint, ports, labels }: ImageConfig,
  layers: readonly Layer[],
): object => ({
  ...platformOf(),
  created: '1970-01-01T00:00:00Z',
  config: {
    User: user,
    WorkingDir: workingDir,
    Env: env,
    Entrypoint: entrypoint,
    ExposedPorts: Object.fromEntries(ports.map(port => [port, {}])),
    Labels: labels,
  },
  rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
})

/** The sum and the size of what flows through. */
function meter() {
  const hash = createHash('sha256')
  let size = 0
  const through = new PassThrough()
  through.on('data', (part: Buffer) => {
    hash.update(part)
    size += part.length
  })
  return { through, digest: () => `sha256:${hash.digest('hex')}`, size: () => size }
}

async function writeLayer(file: string, entries: readonly Entry[]): Promise<Layer> {
  const [plain, compressed] = [meter(), meter()]
  const tar = pack()
  const done = pipeline(tar, plain.through, createGzip(), compressed.through, createWriteStream(file))
  const all = new Map([...foldersOf(entries), ...entries].map(entry => [entry.path, entry]))
  const fill = async (): Promise<void> => {
    for (const [, entry] of [...all].toSorted(([one], [other]) => (one < other ? -1 : 1))) await addEntry(tar, entry)
    tar.finalize()
  }
  await Promise.all([done, fill()])
  return {
    file,
    diffId: plain.digest(),
    mediaType: media('layer.v1.tar+gzip'),
    digest: compressed.digest(),
    size: compressed.size(),
  }
}

/** Every folder above an entry, because some unpackers make none. */
const foldersOf = (entries: readonly Entry[]): Entry[] =>
  entries.flatMap(({ path }) => {
    const parts = path.split('/').slice(0, -1)
    return parts.map((_, at): Entry => ({ path: parts.slice(0, at + 1).join('/'), folder: true }))
  })

async function addEntry(tar: Pack, entry: Entry): Promise<void> {
  const { path: name, mode } = entry
  if ('folder' in entry) return addHeader(tar, { name, type: 'directory', mode: mode ?? 0o755 })
  if ('text' in entry) return addText(tar, name, entry.text, mode)
  const found = await lstat(entry.from)
  if (found.isSymbolicLink()) return addHeader(tar, { name, type: 'symlink', linkname: await readlink(entry.from) })
  const own = mode ?? ((found.mode & 0o111) === 0 ? 0o644 : 0o755)
  return addStream(tar, { name, size: found.size, mode: own }, createReadStream(entry.from))
}

interface Header {
  name: string
  type?: 'directory' | 'symlink'
  linkname?: string
  mode?: number
}
const epoch = new Date(0)

async function addHeader(tar: Pack, header: Header): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    tar.entry({ mtime: epoch, ...header }, error => (error ? reject(error) : resolve()))
  })
}

async function addText(tar: Pack, name: string, text: string, mode = 0o644): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    tar.entry({ name, mode, mtime: epoch }, text, error => (error ? reject(error) : resolve()))
  })
}

async function addStream(
  tar: Pack,
  header: { name: string; size: number; mode?: number },
  from: Readable,
): Promise<void> {
  await pipeline(from, tar.entry({ mode: 0o644, mtime: epoch, ...header }))
}
