import type { DevName, HostId, Nanos, Pid } from '../base/ids.ts'
import type { ProcEvent } from '../kernel/ctx.ts'
import type { NetlinkOp } from '../kernel/netlink.ts'
import type { LinkFaults } from '../kernel/note.ts'

export type SignalName = Extract<ProcEvent, { kind: 'signal' }>['signal']

/** All that can come into a world from outside. `command` and `limit` only leave a note. */
export type Input =
  | { kind: 'op'; host: HostId; op: NetlinkOp }
  /** `unit`: the service that the process is started as. */
  | { kind: 'spawn'; host: HostId; argv: string[]; unit?: string }
  | { kind: 'signal'; host: HostId; pid: Pid; signal: SignalName }
  | { kind: 'cable'; host: HostId; dev: DevName; plugged: boolean }
  | { kind: 'fault'; host: HostId; dev: DevName; way: 'in' | 'out'; faults: LinkFaults }
  | { kind: 'power'; host: HostId; state: 'frozen' | 'thawed' | 'off' | 'on' }
  | { kind: 'command'; host: HostId; line: string; output: string; status: number }
  | { kind: 'limit'; host: HostId; what: string; value: number }

/** An input with its place: it was applied to the world's state number `event`, at time `at`. */
export interface LoggedInput {
  event: number
  at: Nanos
  input: Input
}
