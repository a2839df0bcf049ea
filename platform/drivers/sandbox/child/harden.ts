import child_process from 'node:child_process'
import cluster from 'node:cluster'
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import inspector from 'node:inspector'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'
import vm from 'node:vm'
import worker_threads from 'node:worker_threads'
import { wasm } from './module.ts'

const refused = (): never => {
  throw new Error('not available in the sandbox')
}

/**
 * Removes host functions that neither programs nor the loader need. Patched before Pyodide is loaded, so that it never
 * holds an original.
 */
export function hardenHost(): void {
  for (const module of [child_process, cluster, dgram, dns, dns.promises, http, http2, https, inspector, net, tls, vm])
    replaceFunctions(module)
  for (const prototype of [net.Socket.prototype, net.Server.prototype, dgram.Socket.prototype]) {
    for (const name of ['connect', 'listen', 'bind', 'send'])
      if (name in prototype)
        Object.defineProperty(prototype, name, { value: refused, writable: false, configurable: false })
  }
  Object.assign(worker_threads, { Worker: refused })
  syncBuiltinESMExports()
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'Worker'])
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false })
  for (const name of ['kill', 'dlopen', 'chdir', 'setuid', 'setgid', '_linkedBinding'])
    Object.defineProperty(process, name, { value: refused, writable: false, configurable: false })
}

/**
 * Emscripten reads the constants of fs from the old binding, which Node's permission model refuses; this returns the
 * constants and nothing else.
 */
export function answerBinding(): void {
  Object.defineProperty(process, 'binding', {
    value: (name: string) => (name === 'constants' ? { fs: fs.constants } : refused()),
    writable: false,
    configurable: false,
  })
}

function replaceFunctions(module: object): void {
  for (const [name, value] of Object.entries(module)) {
    const isClass = typeof value === 'function' && /^[A-Z]/.test(name)
    if (typeof value === 'function' && !isClass) (module as Record<string, unknown>)[name] = refused
  }
}

/** Limits the growth of linear memory to `megabytes`; beyond it Python raises MemoryError and continues. */
export function capMemory(megabytes: number): void {
  const pageBytes = 65_536
  const grow = wasm.Memory.prototype.grow
  wasm.Memory.prototype.grow = function capped(pages) {
    if (this.buffer.byteLength + pages * pageBytes > megabytes * 2 ** 20)
      throw new RangeError('the memory of the program is used up')
    return grow.call(this, pages)
  }
}
