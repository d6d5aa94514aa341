import { must } from '../../core/base/assert.ts'
import type { Bytes } from '../../core/base/bytes.ts'
import type { HostId, SockId } from '../../core/base/ids.ts'
import type { Ctx } from '../../core/kernel/ctx.ts'
import type { Host } from '../../core/kernel/host.ts'
import { tcpConnect, tcpListen } from '../../core/kernel/tcp/socket.ts'
import { ip, makeLan, ms } from '../lan.ts'
import { withShell } from './shell-lan.ts'

const PID = 9999

/** client 10.0.0.10 -- 10.0.0.1 router 10.0.1.1 -- server 10.0.1.10, and command lines on each of them. */
export function makeFirewallLan() {
  const lan = makeLan({
    client: { eth0: '10.0.0.10/24 on left' },
    router: { eth0: '10.0.0.1/24 on left', eth1: '10.0.1.1/24 on right' },
    server: { eth0: '10.0.1.10/24 on right' },
  })
  const { sh, set } = withShell(lan)
  const call = <T>(id: HostId, what: (host: Host, ctx: Ctx) => T): T => {
    let out: { value: T } | undefined
    lan.act(id, (host, ctx) => {
      out = { value: what(host, ctx) }
    })
    return must(out, 'result').value
  }
  const listen = (id: HostId, port: number): SockId => {
    const done = call(id, (host, ctx) =>
      tcpListen(host, { pid: PID, ip: ip('0.0.0.0'), port, backlog: 8 }, ctx),
    )
    if (!done.ok) throw new Error(done.error)
    return done.value
  }
  /** State of a connection after 10 ms: ESTABLISHED, SYN_SENT, CLOSED. */
  const connect = (id: HostId, to: string, dport: number, sport: number): string => {
    const sock = call(id, (host, ctx) => tcpConnect(host, { pid: PID, dst: ip(to), dport, sport }, ctx))
    if (!sock.ok) return sock.error
    lan.run(ms(10))
    return stateOf(id, sock.value)
  }
  const stateOf = (id: HostId, sock: SockId): string => {
    const found = lan.host(id).tcp.socks[sock]
    return found?.state ?? 'CLOSED'
  }
  /** Bytes of every frame that a host put on the link of a device, in order. */
  const sent = (id: HostId, dev: string): Bytes[] =>
    lan
      .notes('tx', id)
      .filter((n) => n.dev === dev)
      .map((n) => must(lan.trace.frames[n.frame - 1], 'frame').bytes)
      .filter((b) => b[12] === 8 && b[13] === 0)
  /** Drops of a host with what decided. */
  const drops = (id: HostId): string[] => lan.notes('drop', id).map((n) => `${n.why} ${n.detail}`)
  set('client', 'ip route add default via 10.0.0.1')
  set('server', 'ip route add default via 10.0.1.1')
  lan.sysctl('router', 'ip_forward', 1)
  return { ...lan, sh, set, call, listen, connect, stateOf, sent, drops }
}
