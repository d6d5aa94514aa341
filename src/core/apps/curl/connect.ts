import { type Ip4, parseIp4, type SockId } from '../../base/ids.ts'
import type { Errno } from '../../kernel/netlink.ts'
import type { Sys } from '../sys.ts'
import type { CurlOptions } from './options.ts'
import { resolve } from './url.ts'
import { STRERROR } from './words.ts'

export type Started =
  { kind: 'connecting'; sock: SockId } | { kind: 'bind'; message: string } | { kind: 'failed'; errno: Errno }

/**
 * Bind as --interface and --local-port ask, then connect (lib/cf-socket.c bindlocal). An address is bound without a port
 * (IP_BIND_ADDRESS_NO_PORT), so the kernel chooses the port at connect as for an unbound socket.
 */
export function bindAndConnect(
  sys: Sys,
  options: CurlOptions,
  dst: Ip4,
  dport: number,
  info: (line: string) => void,
): Started {
  let src: Ip4 | undefined
  let oif: string | undefined
  const name = options.interface.replace(/^(if|host)!/, '')
  if (name !== '') {
    if (sys.hasDev(name)) oif = name
    else {
      src = resolve(name, sys.readFile('/etc/hosts'))
      if (src === undefined) {
        info(`Could not resolve host: ${name}`)
        return { kind: 'bind', message: `Couldn't bind to '${name}'` }
      }
      const shown = parseIp4(name) === undefined ? '127.0.0.1' : name
      info(`Name '${name}' family 2 resolved to '${shown}' family 2`)
    }
  }
  const bound = bindPort(sys, options, src, info)
  if (typeof bound === 'string') return { kind: 'bind', message: bound }
  if (src !== undefined || options.localPort) info(`Local port: ${bound}`)
  const to: Parameters<Sys['connect']>[0] = { dst, dport }
  if (src !== undefined) to.src = src
  if (oif !== undefined) to.oif = oif
  if (bound !== 0) to.sport = bound
  const started = sys.connect(to)
  return started.ok ? { kind: 'connecting', sock: started.value } : { kind: 'failed', errno: started.error }
}

/** First free port of the range, 0 without a range, or the error message. */
function bindPort(
  sys: Sys,
  options: CurlOptions,
  src: Ip4 | undefined,
  info: (line: string) => void,
): number | string {
  const [first, last] = options.localPort ?? [0, 0]
  for (let port = first; ; port++) {
    const can = sys.bindCheck(src ?? (0 as Ip4), port)
    if (can.ok) return port
    if (port >= last) {
      const error = STRERROR[can.error]
      return `bind failed with errno ${error?.number ?? 22}: ${error?.text ?? can.error}`
    }
    info(`Bind to local port ${port} failed, trying next`)
  }
}
