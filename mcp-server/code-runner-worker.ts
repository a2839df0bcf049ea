import { parentPort, workerData } from 'node:worker_threads'
import { newQuickJSWASMModule, newVariant, RELEASE_SYNC } from 'quickjs-emscripten'
import type { Work, ToProgram } from './code-runner-messages.ts'
import { say, VmProgram } from './vm-program.ts'

const pageBytes = 65_536

/** TypeScript declares it only in the types for browsers. */
declare const WebAssembly: { Memory: new (size: Record<'initial' | 'maximum', number>) => object }

const work = workerData as Work
// The engine's own limit counts objects without their contents, so the memory that it gets is the real limit. All of it
// is allocated at the start (untouched pages cost nothing), because growing memory moves while it is being read.
const memory = new WebAssembly.Memory({ initial: work.bytes / pageBytes, maximum: work.bytes / pageBytes })
const runtime = (await newQuickJSWASMModule(newVariant(RELEASE_SYNC, { wasmMemory: memory }))).newRuntime()
runtime.setMaxStackSize(work.stackBytes)
const program = new VmProgram(runtime, work)
parentPort?.on('message', (answer: ToProgram) => program.take(answer))
say({ is: 'begins' })
program.begin()
