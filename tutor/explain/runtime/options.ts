/**
 * `seconds` 0.1 to 30 of processor time for the program itself (default 5); `stdin` is its input, none by default;
 * `owner` is the key of fair queueing.
 */
export interface RuntimeOptions {
  seconds?: number
  stdin?: string
  owner?: string
  /** As the sandbox has it: `free` for a student who waits, which may be refused. */
  purpose?: 'grading' | 'free'
  files?: Readonly<Record<string, string>>
}
