import net from 'node:net'

// Above the users of a system and apart for each process, so that interpreters may not signal or trace each other either.
const firstUid = 61_184
const uids = 4_096

/** Gives up root where we have it. @returns the layers beneath the interpreter that were tried and hold */
export async function giveUpRights(): Promise<string[]> {
  const layers = ['wasm']
  // `process.permission` exists only under --permission.
  if (process.permission !== undefined) layers.push('permission')
  if (await noNetwork()) layers.push('namespace')
  if (dropRoot()) layers.push('uid')
  return layers
}

/** In a network namespace of its own not even the loopback is up; on any other host the answer is a refusal or a connection. */
async function noNetwork(): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect({ host: '127.0.0.1', port: 9 })
    socket.once('connect', () => (socket.destroy(), resolve(false)))
    socket.once('error', error => resolve('code' in error && error.code === 'ENETUNREACH'))
  })
}

function dropRoot(): boolean {
  if (process.getuid?.() !== 0) return false
  const id = firstUid + (process.pid % uids)
  try {
    process.setgroups?.([])
    process.setgid?.(id)
    process.setuid?.(id)
  } catch {
    // A container may lack the right or the mapping: then there is no such layer.
    return false
  }
  try {
    process.setuid?.(0)
    return false
  } catch {
    return true
  }
}
