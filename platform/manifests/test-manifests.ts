import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { manifestsFolder } from './resource.ts'

/** A copy of the manifests with one change in a file, until the test is over. */
export async function changedManifests(file: string, from: string, to: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'learnflow-manifests-'))
  onTestFinished(async () => rm(root, { recursive: true, force: true }))
  await cp(manifestsFolder, root, { recursive: true })
  const text = await readFile(join(root, file), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(root, file), text.replace(from, to))
  return root
}
