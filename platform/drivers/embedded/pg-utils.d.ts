// How node-postgres writes a parameter, which its types leave out; the version is pinned.

declare module 'pg/lib/utils.js' {
  /** The text or bytes of a parameter of any type. */
  export function prepareValue(value: unknown): string | Buffer | null
}
