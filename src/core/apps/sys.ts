import type { Bytes } from '../base/bytes.ts'
import type { Ip4, Mac, Nanos, Pid, SockId } from '../base/ids.ts'
import { nextBelow } from '../base/prng.ts'
import type { Result } from '../base/result.ts'
import { applyOp } from '../kernel/apply.ts'
import type { Ctx, ProcEvent } from '../kernel/ctx.ts'
import type { Host, Proc } from '../kernel/host.ts'
import { type Echo, pingClose, pingSend } from '../kernel/icmp/ping.ts'
import { arpClose, arpListen } from '../kernel/neigh/arp-sock.ts'
import { sendArpRequest } from '../kernel/neigh/arp-send.ts'
import { findNeigh, makeNeigh, neighAsk } from '../kernel/neigh/neigh.ts'
import { writeJournal } from '../kernel/journal.ts'
import { runLineNow } from './lines.ts'
import { services } from './services.ts'
import type { Errno, NetlinkOp } from '../kernel/netlink.ts'
import { packetClose, packetOpen } from '../kernel/packet/socket.ts'
import type { Note } from '../kernel/note.ts'
import { raw } from '../kernel/raw/module.ts'
import type { RawPacket } from '../kernel/raw/types.ts'
import {
  type ConnectTo,
  tcpAccept,
  tcpBindCheck,
  tcpClose,
  tcpCloseAll,
  tcpConnect,
  tcpEnds,
  tcpListen,
  tcpReceive,
  tcpSend,
  tcpShutdown,
} from '../kernel/tcp/socket.ts'
import { type Datagram, udpClose, udpCloseAll, udpOpen, udpSend } from '../kernel/udp/socket.ts'
import { SysFacts } from './sys-facts.ts'

const EMPTY_PORT: Ends = { laddr: 0 as Ip4, lport: 0, raddr: 0 as Ip4, rport: 0 }

export type SignalName = Extract<ProcEvent, { kind: 'signal' }>['signal']

export interface Ends {
  laddr: Ip4
  lport: number
  raddr: Ip4
  rport: number
}

/** Start a program (table.ts). The error is a line for the terminal. */
export type Spawn = (
  host: Host,
  argv: string[],
  ctx: Ctx,
  from?: { ppid?: Pid; unit?: string },
) => Result<Pid, string>

/** The system calls of one process during one event. Made anew for each; programs must not keep it. */
export class Sys extends SysFacts {
  private readonly start: Spawn
  /** The process has called exit; what it does after that is ignored by the caller. */
  ended = false

  constructor(host: Host, proc: Proc, ctx: Ctx, start: Spawn) {
    super(host, proc, ctx)
    this.start = start
  }

  listen(ip: Ip4, port: number, backlog: number): Result<SockId, Errno> {
    return tcpListen(this.host, { pid: this.proc.pid, ip, port, backlog }, this.ctx)
  }

  accept(listener: SockId): SockId | undefined {
    return tcpAccept(this.host, listener)
  }

  connect(to: Omit<ConnectTo, 'pid'>): Result<SockId, Errno> {
    return tcpConnect(this.host, { ...to, pid: this.proc.pid }, this.ctx)
  }

  bindCheck(ip: Ip4, port: number): Result<void, Errno> {
    return tcpBindCheck(this.host, ip, port)
  }

  send(sock: SockId, bytes: Bytes): Result<number, Errno> {
    return tcpSend(this.host, sock, bytes, this.ctx)
  }

  receive(sock: SockId): Result<{ bytes: Bytes; eof: boolean }, Errno> {
    return tcpReceive(this.host, sock, this.ctx)
  }

  close(sock: SockId): void {
    tcpClose(this.host, sock, this.ctx)
  }

  /** shutdown(SHUT_WR): no more data from here, reading goes on. */
  shutdown(sock: SockId): Result<void, Errno> {
    return tcpShutdown(this.host, sock, this.ctx)
  }

  /** Addresses and ports of a socket; zeros when it is gone. */
  ends(sock: SockId): Ends {
    return tcpEnds(this.host, sock) ?? EMPTY_PORT
  }

  ping(echo: Omit<Echo, 'pid'>): Result<void, Errno> {
    return pingSend(this.host, { ...echo, pid: this.proc.pid }, this.ctx)
  }

  /** A UDP socket on `port` (0 = a random one), or with `proto` 6 a raw one for single SYNs. */
  openDatagram(proto: number, port = 0): Result<SockId, Errno> {
    return udpOpen(this.host, this.proc.pid, proto, port)
  }

  sendDatagram(sock: SockId, out: Datagram): Result<void, Errno> {
    return udpSend(this.host, sock, out, this.ctx)
  }

  closeDatagram(sock: SockId): void {
    udpClose(this.host, sock)
  }

  /** A raw socket for one IP protocol, on one interface or on all: `raw` events bring what it hears. */
  openRaw(proto: number, dev = ''): SockId {
    return raw().rawOpen(this.host, this.proc.pid, proto, dev)
  }

  sendRaw(sock: SockId, out: RawPacket): Result<void, Errno> {
    return raw().rawSend(this.host, sock, out, this.ctx)
  }

  joinGroup(sock: SockId, dev: string, group: Ip4): Result<void, Errno> {
    return raw().joinGroup(this.host, sock, dev, group, this.ctx)
  }

  leaveGroup(sock: SockId, dev: string, group: Ip4): Result<void, Errno> {
    return raw().leaveGroup(this.host, sock, dev, group, this.ctx)
  }

  closeRaw(sock: SockId): void {
    raw().rawClose(this.host, sock, this.ctx)
  }

  /** Hear of changes of links, addresses and routes until the process ends; one's own changes too (`by`). */
  netlinkListen(): void {
    const { pid } = this.proc
    if (!this.host.netlinkSocks.includes(pid)) this.host.netlinkSocks = [...this.host.netlinkSocks, pid]
  }

  /** Have a neighbour's address found out or seen to, as by a use of it (RTM_NEWNEIGH with NTF_USE). */
  useNeigh(dev: string, ip: Ip4): void {
    if (this.host.devs[dev]?.up !== true) return
    neighAsk(
      this.host,
      findNeigh(this.host, dev, ip) ?? makeNeigh(this.host, dev, ip, this.ctx.now),
      this.ctx,
    )
  }

  /** Change the kernel's configuration, as `ip`, `sysctl` and `ipvsadm` do. */
  netlink(op: NetlinkOp): Result<void, Errno> {
    const { pid, program } = this.proc
    const done = applyOp(this.host, op, this.ctx, pid)
    if (done.ok) this.ctx.note(this.host, { kind: 'netlink', pid, program, op })
    return done
  }

  /** Say something to another process of this host; it has it as a `message`. False: there is no such process. */
  tell(pid: Pid, what: string, body: unknown): boolean {
    if (!this.host.procs[pid]) return false
    this.ctx.wake(this.host, pid, { kind: 'message', from: this.proc.pid, what, body })
    return true
  }

  /** Be told by a message `gone` when that process ends, as the other end of a local socket is. False: it is gone already. */
  watch(pid: Pid): boolean {
    const other = this.host.procs[pid]
    if (!other) return false
    if (!other.peers?.includes(this.proc.pid)) other.peers = [...(other.peers ?? []), this.proc.pid]
    return true
  }

  /** Start a program. It belongs to this one's service. The error is a line for the terminal. */
  spawn(argv: string[]): Result<Pid, string> {
    const { pid, unit } = this.proc
    return this.start(this.host, argv, this.ctx, { ppid: pid, unit })
  }

  /** Run a command line as root's shell would, at once (lines.ts); its status. What it prints goes the way of `print`. */
  system(line: string): number {
    return runLineNow(line, {
      now: this.ctx.now,
      host: this.host,
      apply: (op) => this.netlink(op),
      spawn: (argv) => this.spawn(argv),
      kill: (pid, signal) => void this.kill(pid, signal),
      print: (text, err) => {
        this.write(text, err)
      },
    })
  }

  /** A line of the journal under a name such as 'ospfd' (syslog's ident). */
  log(ident: string, text: string): void {
    writeJournal(this.host, { ident, pid: this.proc.pid, text, unit: this.proc.unit }, this.ctx)
  }

  /** A random whole number from 0 to `below` - 1. */
  random(below: number): number {
    return nextBelow(this.host.rng, below)
  }

  /** Hear ARP on an interface until the process ends. */
  arpListen(dev: string): void {
    arpListen(this.host, this.proc.pid, dev)
  }

  /** Hear every frame of an interface, or of all ('') until the process ends. */
  packetListen(dev: string): void {
    packetOpen(this.host, this.proc.pid, dev)
  }

  /** Ask for `target`: `to` alone, or everybody if it is 0. */
  arpSend(dev: string, target: Ip4, src: Ip4, to: Mac): void {
    if (to === 0) sendArpRequest(this.host, dev, target, src, this.ctx)
    else sendArpRequest(this.host, dev, target, src, this.ctx, to)
  }

  print(text: string): void {
    this.write(text, false)
  }

  eprint(text: string): void {
    this.write(text, true)
  }

  /** What a service prints goes to the journal, a line at a time. */
  private write(text: string, err: boolean): void {
    const { pid, unit, argv } = this.proc
    if (unit === '') return void this.ctx.note(this.host, { kind: 'stdout', pid, text, err })
    const ident = (argv[0] ?? '').replace(/^.*\//, '')
    for (const line of text.split('\n')) if (line !== '') this.log(ident, line)
  }

  note(note: Note): void {
    this.ctx.note(this.host, note)
  }

  /** An event of kind 'timer' with this name after `ns`. It cannot be called off: the program sees whether it still matters. */
  sleep(name: string, ns: Nanos): void {
    this.ctx.wake(
      this.host,
      this.proc.pid,
      { kind: 'timer', name },
      this.ctx.now + Math.max(0, Math.round(ns)),
    )
  }

  writeFile(path: string, text: string): void {
    this.host.files[path] = text
  }

  removeFile(path: string): void {
    delete this.host.files[path]
  }

  /** Send a signal to another process. False: there is none with that number. */
  kill(pid: Pid, signal: SignalName): boolean {
    if (!this.host.procs[pid]) return false
    this.ctx.wake(this.host, pid, { kind: 'signal', signal })
    return true
  }

  /** End of the process: its sockets are closed as the kernel closes them. */
  exit(status: number): void {
    if (this.ended) return
    this.ended = true
    tcpCloseAll(this.host, this.proc.pid, this.ctx)
    if (this.host.icmp.socks.length > 0) pingClose(this.host, this.proc.pid)
    if (this.host.packetSocks.length > 0) packetClose(this.host, this.proc.pid)
    if (this.host.arpSocks.length > 0) arpClose(this.host, this.proc.pid)
    if (this.host.udp.socks.length > 0) udpCloseAll(this.host, this.proc.pid)
    if (this.host.raw.length > 0) raw().rawCloseAll(this.host, this.proc.pid, this.ctx)
    if (this.host.netlinkSocks.length > 0) {
      this.host.netlinkSocks = this.host.netlinkSocks.filter((pid) => pid !== this.proc.pid)
    }
    delete this.host.procs[this.proc.pid]
    for (const pid of this.proc.peers ?? []) this.tell(pid, 'gone', null)
    if (this.proc.unit !== '') services().leaveUnit(this.host, this.proc, status, this.ctx)
    this.ctx.note(this.host, { kind: 'proc.exit', pid: this.proc.pid, status })
  }
}
