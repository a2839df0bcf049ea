export { answerBinding, capMemory } from '../../../platform/drivers/sandbox/child/harden.ts'

/** Leaves the host's functions in place. */
export function hardenHost(): void {}
