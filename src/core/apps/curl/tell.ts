import { MS } from '../../base/ids.ts'
import type { Sys } from '../sys.ts'
import type { CurlOptions } from './options.ts'
import { methodOf } from './request.ts'
import type { CurlState } from './state.ts'
import { USAGE } from './words.ts'

/** What curl says: to its output, to whoever asked for -v, and to the trace. */

export function noteRequest(sys: Sys, state: CurlState, options: CurlOptions, status: number): void {
  const { ip: peer, url } = state
  const method = methodOf(options)
  sys.note({
    kind: 'request',
    pid: sys.pid,
    role: 'client',
    method,
    path: url.target,
    peer,
    peerPort: url.port,
    status,
  })
}

export function elapsedMs(sys: Sys, state: CurlState): number {
  return Math.floor((sys.now - state.startNs) / MS)
}

export function info(sys: Sys, options: CurlOptions, text: string): void {
  if (options.verbose) sys.eprint(`* ${text}\n`)
}

export function closing(sys: Sys, options: CurlOptions, number: number): void {
  info(sys, options, sys.profile.curlMajor >= 8 ? 'Closing connection' : `Closing connection ${number}`)
}

export function usage(sys: Sys, line: string): void {
  sys.eprint(line + USAGE)
  sys.exit(2)
}

export function failedAfter(sys: Sys, state: CurlState): string {
  return `Failed to connect to ${state.url.host} port ${state.url.port} after ${elapsedMs(sys, state)} ms`
}

/** Text for the output: the terminal, a file, or nowhere. */
export function emit(sys: Sys, state: CurlState, text: string): void {
  if (state.output === '' || state.output === '-') sys.print(text)
  else if (state.output !== '/dev/null') state.saved += text
}
