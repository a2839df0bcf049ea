import { join } from 'node:path'
import * as z from 'zod'
import { readAs } from './render.ts'
import type { Path, Resource } from './resource.ts'

const Image = z.string().regex(/^[a-z0-9./-]+:(?!latest$)[\w.-]+(?:@sha256:[0-9a-f]{64})?$/)
const ImagesLock = z.strictObject({ pulled: z.array(Image), built: z.array(Image) })
export type ImagesLock = z.infer<typeof ImagesLock>

/** The images that may be named: those that a node pulls, and those that are built. @throws INVALID_INPUT */
export async function readImagesLock(folder: string): Promise<ImagesLock> {
  return readAs(join(folder, 'images.lock'), ImagesLock)
}

/** Every image that an object names, and where. */
export function imagesOf(resource: Resource): { image: string; path: Path }[] {
  const found: { image: string; path: Path }[] = []
  const visit = (value: unknown, path: Path): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      const at = [...path, Array.isArray(value) ? Number(name) : name]
      if ((name === 'image' || name === 'imageName') && typeof inner === 'string')
        found.push({ image: inner, path: at })
      visit(inner, at)
    }
  }
  visit(resource['spec'], ['spec'])
  return found
}
