// A red pixel, and a sound of one sample.
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC'
export const wav = `UklGRiUAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQEAAACA`
export const hint = { ttlMs: 60_000, cacheScope: 'public' } as const
export const text = (text: string) => ({ type: 'text' as const, text })
export const image = { type: 'image' as const, data: png, mimeType: 'image/png' }
