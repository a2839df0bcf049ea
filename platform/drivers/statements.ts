/** Bounds the named statements, because SQL texts that vary with their data would fill the server's memory. */
const maxPrepared = 300

/** Names for repeated statements, so that each connection parses and plans them once. */
export class Statements {
  private readonly names = new Map<string, string>()
  private made = 0
  /** Undefined for a statement that should not be prepared. */
  nameOf(sql: string): string | undefined {
    const known = this.names.get(sql)
    if (known !== undefined || this.names.size >= maxPrepared) return known
    const name = `s${(this.made += 1)}`
    this.names.set(sql, name)
    return name
  }
  /** Gives every statement a new name from now on. */
  forget(): void {
    this.names.clear()
  }
}

/** `cached plan must not change result type`: a migration changed a table that a prepared statement reads. */
export const isStale = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '0A000'
