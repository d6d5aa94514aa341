import type { FromWorker, ToWorker } from './protocol.ts'
import { serveSession } from './serve.ts'

/** The worker's entry: one engine behind its message port. */
const scope = self as unknown as {
  postMessage: (message: FromWorker) => void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
}
const serve = serveSession((message) => {
  scope.postMessage(message)
})
scope.onmessage = (event) => {
  serve(event.data)
}
