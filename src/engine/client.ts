import { createTraceHub } from './batches.ts'
import type { Engine } from './engine.ts'
import type { CallName, FromWorker, ToWorker } from './protocol.ts'

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/** What is needed of a `Worker`. */
export interface WorkerLike {
  postMessage: (message: ToWorker) => void
  terminate: () => void
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/**
 * An engine in a worker of its own. `makeWorker` is the page's, because bundlers must see the worker's address there:
 * `() => new Worker(new URL('../engine/worker.ts', import.meta.url), { type: 'module' })`.
 */
export function createWorkerEngine(makeWorker: () => WorkerLike): Engine {
  const worker = makeWorker()
  const hub = createTraceHub()
  const waiting = new Map<number, Waiting>()
  let nextId = 1

  const fail = (message: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(message))
    waiting.clear()
  }
  worker.onmessage = ({ data }) => {
    if ('trace' in data) {
      hub.take(data.trace)
      return
    }
    const call = waiting.get(data.id)
    waiting.delete(data.id)
    if ('error' in data) call?.reject(Object.assign(new Error(data.error.message), { name: data.error.name }))
    else call?.resolve(data.value)
  }
  worker.onerror = (event) => {
    fail(event.message === '' ? 'the simulator could not be started' : event.message)
  }
  const ask = <K extends CallName>(call: K) =>
    ((...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve, reject })
        worker.postMessage({ call, id, args } as unknown as ToWorker)
      })) as Engine[K]

  return {
    load: ask('load'),
    exec: ask('exec'),
    execAll: ask('execAll'),
    advance: ask('advance'),
    cable: ask('cable'),
    fault: ask('fault'),
    power: ask('power'),
    capture: ask('capture'),
    fork: ask('fork'),
    checkout: ask('checkout'),
    probe: ask('probe'),
    inspect: ask('inspect'),
    shell: ask('shell'),
    stop: (host) => {
      worker.postMessage({ stop: true, ...(host !== undefined && { host }) })
    },
    setPace: (rate) => {
      worker.postMessage({ pace: rate })
    },
    onTrace: hub.onTrace,
    dispose: () => {
      worker.terminate()
      fail('the engine was disposed of')
    },
  }
}
