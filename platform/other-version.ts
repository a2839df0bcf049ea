import { PlatformError } from './errors.ts'

/** The failure of a command that is newer than the platform it speaks to; `lacks`: what that does not know. */
export const otherVersion = (lacks: string): PlatformError =>
  new PlatformError('NOT_RUNNING', `the platform that runs is older than this command: ${lacks}`, {
    hint: 'Restart it: learnflow down, then learnflow up.',
  })
