import { join } from 'node:path'
import { expect, test } from 'vitest'
import { imagesOf, readImagesLock } from './images.ts'
import { renderOverlay } from './render.ts'
import { manifestsFolder } from './resource.ts'

const folder = join(manifestsFolder, 'kubernetes')

test('the lock names the images of the overlays, and no other', async () => {
  const overlays = await Promise.all(
    ['dev', 'production', 'ci'].map(async name => renderOverlay(join(folder, 'overlays', name))),
  )
  const used = new Set(overlays.flat().flatMap(resource => imagesOf(resource).map(({ image }) => image)))
  const { pulled, built } = await readImagesLock(folder)
  expect([...pulled, ...built].toSorted()).toEqual([...used].toSorted())
})
