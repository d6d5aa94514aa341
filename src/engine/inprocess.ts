import { createTraceHub } from './batches.ts'
import type { Engine } from './engine.ts'
import { createSession } from './session.ts'

/** An engine in this thread. It runs in slices, so it can be stopped, but a slice of its work blocks the thread. */
export function createEngine(): Engine {
  const hub = createTraceHub()
  return { ...createSession(hub.take), onTrace: hub.onTrace }
}
