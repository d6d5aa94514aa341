import type { FromWorker, ToWorker } from './protocol.ts'
import { createSession } from './session.ts'

/** The worker's side of the protocol, without the worker: takes messages, posts answers. */
export function serveSession(post: (message: FromWorker) => void): (message: ToWorker) => void {
  const session = createSession((trace) => {
    post({ trace })
  })
  return (message) => {
    if ('stop' in message) {
      session.stop(message.host)
      return
    }
    if ('pace' in message) {
      session.setPace(message.pace)
      return
    }
    const { id, call, args } = message
    // The names and arguments belong together by the type of the message; the compiler loses that over the union.
    const answer = (session[call] as (...args: unknown[]) => Promise<unknown>)(...args)
    answer.then(
      (value) => {
        post({ id, value })
      },
      (error: unknown) => {
        const { name, message: text } = error instanceof Error ? error : new Error(String(error))
        post({ id, error: { name, message: text } })
      },
    )
  }
}
