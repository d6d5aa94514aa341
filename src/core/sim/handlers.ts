import type { DevName, Pid } from '../base/ids.ts'
import type { Result } from '../base/result.ts'
import type { Ctx, ProcEvent, Stack } from '../kernel/ctx.ts'
import type { Host } from '../kernel/host.ts'
import type { Errno, NetlinkOp } from '../kernel/netlink.ts'
import type { Frame } from './trace.ts'

/** What a world needs of kernels and programs. Handlers mutate the host they are given and nothing else. */
export interface Handlers {
  stack: Stack
  receiveFrame: (host: Host, dev: DevName, frame: Frame, ctx: Ctx) => void
  fireTimer: (host: Host, key: string, ctx: Ctx) => void
  applyOp: (host: Host, op: NetlinkOp, ctx: Ctx) => Result<void, Errno>
  setCarrier: (host: Host, dev: DevName, on: boolean, ctx: Ctx) => void
  runProcess: (host: Host, pid: Pid, event: ProcEvent, ctx: Ctx) => void
  /** The error is a line for the terminal. */
  spawn: (host: Host, argv: string[], ctx: Ctx, from?: { unit?: string }) => Result<Pid, string>
  cloneHost: (host: Host) => Host
}
