import { bad, ok, type Result } from '../core/base/result.ts'
import type { Ctx } from '../core/kernel/ctx.ts'
import { addDevice, createHost } from '../core/kernel/create.ts'
import type { Host } from '../core/kernel/host.ts'
import { applyOp, makeStack } from '../core/kernel/kernel.ts'
import type { NetlinkOp } from '../core/kernel/netlink.ts'
import { PROFILES } from '../core/lab/profiles.ts'
import { newEnv } from '../core/shell/env.ts'
import { startLine } from '../core/shell/shell.ts'
import type { ShellStep, ShellSys } from '../core/shell/sys.ts'
import { must } from '../core/base/assert.ts'
import { broadcastOf, parseCidr } from '../core/base/cidr.ts'
import { parseIp4, parseMac } from '../core/base/ids.ts'
import type { NeighState } from '../core/kernel/neigh/entry.ts'
import { makeNeigh } from '../core/kernel/neigh/neigh.ts'
import { loadCommands } from '../core/shell/table.ts'

await loadCommands()

/** One host with a shell and nothing around it: programs do not run, frames go nowhere, time stands still. */
export interface ShellHost {
  host: Host
  /** What was asked of the driver. */
  ops: NetlinkOp[]
  spawned: string[][]
  signals: string[]
  steps: ShellStep[]
  /** Programs print this and end at once with this status. */
  says: string
  exitWith: number
  run: (line: string) => { output: string; status: number }
}

export function makeShellHost(id: string, address: string, mac: string): ShellHost {
  const host = createHost({ id, role: 'router', profile: PROFILES['debian-12'], seed: 1 })
  addDevice(host, { name: 'ens33', mac: must(parseMac(mac), 'mac'), segment: 'lan', mtu: 1500 })
  const state: ShellHost = { host, ops: [], spawned: [], signals: [], steps: [], says: '', exitWith: 0, run }
  const ctx = quietCtx()
  const { ip, prefix } = must(parseCidr(address), 'address')
  applyOp(
    host,
    { op: 'addr.add', dev: 'ens33', ip, prefix, label: 'ens33', broadcast: broadcastOf(ip, prefix) },
    ctx,
  )

  const env = newEnv()
  function run(line: string): { output: string; status: number } {
    let output = ''
    const sys: ShellSys = {
      now: () => ctx.now,
      host: () => host,
      apply: (op) => {
        state.ops.push(op)
        return applyOp(host, op, ctx)
      },
      spawn: (argv, how): Result<number, string> => {
        state.spawned.push(argv)
        if (state.says !== '') how?.output?.(state.says, false)
        const known = ['curl', 'nginx', 'ping'].includes(argv[0] ?? '')
        return known ? ok(100 + state.spawned.length) : bad(`bash: ${argv[0] ?? ''}: command not found`)
      },
      signal: (pid, signal) => void state.signals.push(`${pid} ${signal}`),
      print: (text) => void (output += text),
    }
    const shell = startLine(line, env)
    let step = shell.next(sys, 0)
    for (let n = 0; step.kind !== 'done'; n++) {
      if (n > 1000) throw new Error('the line does not end')
      state.steps.push(step)
      step = shell.next(sys, step.kind === 'wait' ? state.exitWith : 0)
    }
    state.steps.push(step)
    return { output, status: step.status }
  }
  return state
}

function quietCtx(): Ctx {
  return {
    now: 0,
    stack: makeStack(),
    cause: -1,
    note: () => 0,
    drop: () => undefined,
    transmit: () => undefined,
    loop: () => undefined,
    tap: () => 0,
    reenter: () => undefined,
    setTimer: () => undefined,
    clearTimer: () => undefined,
    wake: () => undefined,
  }
}

export interface Transcript {
  command: string
  /** Output and, if it is not 0, the line `(exit status N)`. */
  output: string
}

/** Transcripts of a real machine: `$ command`, then what it printed. */
export function parseTranscripts(text: string): Transcript[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((block) => {
      const end = block.indexOf('\n')
      return { command: block.slice(0, end), output: block.slice(end + 1) }
    })
}

/** Put a neighbour entry there as ARP would have left it. */
export function addNeigh(shell: ShellHost, address: string, mac: string, state: NeighState): void {
  const neigh = makeNeigh(shell.host, 'ens33', must(parseIp4(address), 'address'), 0)
  neigh.mac = must(parseMac(mac), 'mac')
  neigh.state = state
}
