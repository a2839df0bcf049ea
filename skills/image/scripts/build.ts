import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { execa } from 'execa'
import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { interpreterMemory } from '../../../platform/open.ts'
import { dependencyLayer, imageConfig, programLayer, systemLayer } from '../../../platform/image/contents.ts'
import { writeImage } from '../../../platform/image/oci.ts'
import { defineScript, runAsMain } from '../../script.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const packer = join(root, 'bin', 'tools', 'pack.ts')
const megabyte = 1_000_000

const build = defineScript({
  about: 'Writes the container image as an OCI archive, without a container engine.',
  effect: 'changes',
  input: z.object({
    to: z.string().min(1).default('learnflow-image.tar').describe('the file of the archive').meta({ path: true }),
    name: z
      .string()
      .regex(/^[a-z0-9./_-]+(?::\d+\/[a-z0-9./_-]+)?:[\w.-]+$/, 'must be a name with a tag')
      .optional()
      .describe('the name with its tag; default learnflow/learnflow:VERSION'),
  }),
  output: z.object({ file: z.string(), name: z.string(), digest: z.string(), bytes: z.number().int() }),
  async run({ to, name: given }, { dryRun, progress }) {
    demandCheckout()
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    const [name, file] = [given ?? `learnflow/learnflow:${version}`, resolve(to)]
    if (!existsSync(dirname(file)))
      throw new PlatformError('NOT_FOUND', `there is no folder ${dirname(file)} for the archive`, {
        hint: 'Make it, or name another file with --to.',
      })
    const [system, dependencies] = await Promise.all([systemLayer(), dependencyLayer(root)])
    const plan = [
      `layer of the system: ${counted(system.length, 'entry')}, Node ${process.versions.node}`,
      `layer of the packages: ${counted(dependencies.length, 'file')}`,
      `layer of the program, built from ${root}`,
      `archive ${file} of ${name}`,
    ]
    if (dryRun) return { changed: 1, plan, summary: `${name} into ${file}`, data: { file, name, digest: '', bytes: 0 } }
    const work = await mkdtemp(join(tmpdir(), 'learnflow-image-'))
    try {
      progress('building the program and preparing the interpreter')
      const program = await buildProgram(work)
      progress('writing the layers')
      const layers = [system, dependencies, program]
      const { digest, bytes } = await writeImage(file, name, { layers, config: imageConfig(version), work })
      const summary = `${name}, ${Math.round(bytes / megabyte)} MB, ${digest}`
      return { changed: 1, plan, summary, data: { file, name, digest, bytes } }
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  },
})
export default build

function demandCheckout(): void {
  if (process.platform !== 'linux')
    throw new PlatformError('INVALID_INPUT', 'an image is built on Linux, from the programs of this machine', {
      hint: 'With a container engine: build Containerfile.',
    })
  if (existsSync(packer)) return
  throw new PlatformError('INVALID_INPUT', 'an image is built from a checkout, and this is the installed package', {
    hint: 'Clone LearnFlow and run learnflow image build there.',
  })
}

/** The program as JavaScript, run once, so that the memory of its interpreter is there. */
async function buildProgram(work: string) {
  const app = join(work, 'app')
  const dist = join(app, 'dist')
  await mkdir(app)
  await execa(process.execPath, [packer, dist])
  await symlink(await realpath(join(root, 'node_modules')), join(app, 'node_modules'))
  const example = join(dist, 'examples', 'square.py')
  await execa(process.execPath, [join(dist, 'bin', 'learnflow.js'), 'tutor', 'run', example])
  const snapshot = await interpreterMemory(join(dist, 'platform'))
  return programLayer(dist, { manifest: join(root, 'package.json'), snapshot })
}

if (import.meta.main) await runAsMain(import.meta, build)
