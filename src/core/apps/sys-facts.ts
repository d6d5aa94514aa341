import type { Ip4, Mac, Nanos, Pid } from '../base/ids.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { ownerOf, selectSource } from '../kernel/dev/address.ts'
import type { Dev, Host, Proc, Profile } from '../kernel/host.ts'
import { pathMtu } from '../kernel/icmp/ping.ts'
import type { Route } from '../kernel/route/types.ts'
import { getSysctl } from '../kernel/sysctl/registry.ts'

/** What a process may see of its host, without changing anything. */
export class SysFacts {
  protected readonly host: Host
  protected readonly proc: Proc
  protected readonly ctx: Ctx

  constructor(host: Host, proc: Proc, ctx: Ctx) {
    this.host = host
    this.proc = proc
    this.ctx = ctx
  }

  get now(): Nanos {
    return this.ctx.now
  }

  get pid(): Pid {
    return this.proc.pid
  }

  /** The process that started this one; 1 = a shell or the system. */
  get ppid(): Pid {
    return this.proc.ppid
  }

  get argv(): readonly string[] {
    return this.proc.argv
  }

  get hostname(): string {
    return this.host.id
  }

  get profile(): Profile {
    return this.host.profile
  }

  /** Interfaces by name, to be read only. */
  devs(): Readonly<Record<string, Readonly<Dev>>> {
    return this.host.devs
  }

  /** Routes of table main, or of another one by name or number; longest prefix first. To be read only. */
  routes(table = 'main'): readonly Readonly<Route>[] {
    if (table === 'main') return this.host.main
    return table === 'local' ? this.host.local : (this.host.tables[table] ?? [])
  }

  /** Next-hop objects by id, to be read only. */
  nexthops(): Readonly<Host['nexthops']> {
    return this.host.nexthops
  }

  /** IPVS, to be read only. */
  ipvs(): Readonly<Host['ipvs']> {
    return this.host.ipvs
  }

  /** A setting as /proc/sys shows it; undefined = there is none of this name. */
  sysctl(key: string): string | undefined {
    return getSysctl(this.host, key)
  }

  /** Processes that run this program, the oldest first. */
  pidsOf(program: string): Pid[] {
    return Object.values(this.host.procs)
      .filter((proc) => proc.program === program)
      .map((proc) => proc.pid)
  }

  /** The memory of another process, for those that print what a daemon knows (vtysh); to be read only. */
  stateOf(pid: Pid): unknown {
    return this.host.procs[pid]?.state
  }

  argvOf(pid: Pid): readonly string[] | undefined {
    return this.host.procs[pid]?.argv
  }

  /** Largest packet that goes to `dst` whole, as far as is known here. */
  pathMtu(dst: Ip4): number {
    return pathMtu(this.host, dst)
  }

  /** Address with which `dev` asks for `target`; undefined: no such interface, or none that can ask. */
  sourceOn(dev: string, target: Ip4): Ip4 | undefined {
    const found = this.host.devs[dev]
    return !found || found.loopback || found.tunnel ? undefined : selectSource(this.host, dev, target)
  }

  isOwnMac(dev: string, mac: Mac): boolean {
    return this.host.devs[dev]?.mac === mac
  }

  /** Names of all interfaces by their index. */
  devNames(): string[] {
    return Object.values(this.host.devs)
      .sort((a, b) => a.index - b.index)
      .map(({ name }) => name)
  }

  isUp(name: string): boolean {
    return this.host.devs[name]?.up === true
  }

  isTunnel(name: string): boolean {
    return (this.host.devs[name]?.tunnel ?? null) !== null
  }

  hasDev(name: string): boolean {
    return this.host.devs[name] !== undefined
  }

  /** First address of an interface. */
  addressOf(dev: string): Ip4 | undefined {
    return this.host.devs[dev]?.addrs[0]?.ip
  }

  isOwn(ip: Ip4): boolean {
    return ownerOf(this.host, ip) !== undefined || ip >>> 24 === 127
  }

  readFile(path: string): string | undefined {
    return Object.hasOwn(this.host.files, path) ? this.host.files[path] : undefined
  }

  /** Paths of all files, sorted. */
  listFiles(): string[] {
    return Object.keys(this.host.files).sort()
  }
}
