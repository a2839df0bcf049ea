export { prepare } from '../../../platform/drivers/sandbox/child/prepare.ts'

/**
 * Removes only what would end the interpreter before a connection is made: Node's permissions refuse to start a shell.
 */
export const lockDown = `
import os, posix
def refused(*args, **kwargs):
    raise PermissionError("not available in the sandbox")
os.system = posix.system = refused
`
