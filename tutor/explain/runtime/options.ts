/**
 * `seconds` 0.1 to 30 of processor time for the program itself (default 5); `stdin` is its input, none by default;
 * `owner` is the key of fair queueing.
 */
export interface RuntimeOptions {
  seconds?: number
  stdin?: string
  owner?: string
  files?: Readonly<Record<string, string>>
}
