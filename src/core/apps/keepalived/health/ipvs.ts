import { formatIp4 } from '../../../base/ids.ts'
import type { IpvsOp, IpvsOpService } from '../../../kernel/netlink.ts'
import type { Sys } from '../../sys.ts'
import { log } from '../log.ts'
import type { KeepalivedState } from '../state.ts'
import type { Server, Service } from './types.ts'

/** What keepalived asks of the kernel's IPVS (check/ipvswrapper.c): the answers EEXIST and ENOENT are logged and taken as done. */

const NUMBERS = {
  'ipvs.service.add': 1154,
  'ipvs.service.edit': 1155,
  'ipvs.service.del': 1156,
  'ipvs.dest.add': 1159,
  'ipvs.dest.del': 1160,
  'ipvs.dest.edit': 1161,
} as const

const NAMES: Readonly<Record<keyof typeof NUMBERS, string>> = {
  'ipvs.service.add': 'ADD',
  'ipvs.service.edit': 'EDIT',
  'ipvs.service.del': 'DEL',
  'ipvs.dest.add': 'ADDDEST',
  'ipvs.dest.del': 'DELDEST',
  'ipvs.dest.edit': 'EDITDEST',
}

/** Services of the kernel that a virtual_server stands for: one, or one for each entry of its group. */
function keysOf({ spec }: Service): IpvsOpService[] {
  const { proto, ip, port, fwmark } = spec
  if (spec.group === '') return [fwmark === 0 ? { proto, vip: ip, port } : markKey(fwmark)]
  return spec.entries.map((entry) =>
    'fwmark' in entry ? markKey(entry.fwmark) : { proto, vip: entry.ip, port: entry.port },
  )
}

function markKey(fwmark: number): IpvsOpService {
  return { proto: 0, vip: 0 as IpvsOpService['vip'], port: 0, fwmark }
}

/** Add, change or remove the service itself. */
export function serviceCommand(
  sys: Sys,
  state: KeepalivedState,
  what: 'add' | 'edit' | 'del',
  vs: Service,
): boolean {
  const { scheduler, flags, persistence, netmask } = vs.spec
  let done = true
  for (const key of keysOf(vs)) {
    const more = { scheduler, flags: [...flags], persistent: persistence, netmask }
    const op: IpvsOp =
      what === 'del' ? { op: 'ipvs.service.del', ...key } : { op: `ipvs.service.${what}`, ...key, ...more }
    done = talk(sys, state, op) && done
  }
  return done
}

/**
 * Add, change or remove a real server (ipvs_cmd): under inhibit_on_failure removing means weight 0. False: the kernel
 * refused for another reason than that it is there or gone already.
 */
export function destCommand(
  sys: Sys,
  state: KeepalivedState,
  what: 'add' | 'edit' | 'del',
  vs: Service,
  rs: Server,
): boolean {
  let weight = rs.weight
  let command = what
  if (what === 'del' && rs.spec.inhibit) {
    weight = 0
    command = 'edit'
  } else if (what === 'add' && rs.spec.inhibit && rs.set) command = 'edit'
  else if (what === 'add' && !rs.set) {
    rs.set = true
    if (rs.spec.inhibit && rs.failed > 0) weight = 0
  } else if (what === 'del') rs.set = false
  return sendDest(sys, state, command, vs, rs, weight)
}

/** Remove it whatever inhibit_on_failure says. */
export function removeDest(sys: Sys, state: KeepalivedState, vs: Service, rs: Server): void {
  rs.set = false
  sendDest(sys, state, 'del', vs, rs, rs.weight)
}

function sendDest(
  sys: Sys,
  state: KeepalivedState,
  command: 'add' | 'edit' | 'del',
  vs: Service,
  rs: Server,
  weight: number,
): boolean {
  const { ip, mode, upper, lower, port } = rs.spec
  let done = true
  for (const key of keysOf(vs)) {
    const dport = mode === 'nat' ? port : key.port
    const op: IpvsOp =
      command === 'del'
        ? { op: 'ipvs.dest.del', ...key, ip, dport }
        : { op: `ipvs.dest.${command}`, ...key, ip, dport, weight, mode, upper, lower }
    done = talk(sys, state, op) && done
  }
  return done
}

function talk(
  sys: Sys,
  state: KeepalivedState,
  op: IpvsOp & { op: keyof typeof NUMBERS } & IpvsOpService,
): boolean {
  let sent = op
  let result = sys.netlink(sent)
  if (!result.ok && result.error === 'ENOENT' && op.op === 'ipvs.dest.edit') {
    sent = { ...op, op: 'ipvs.dest.add' }
    result = sys.netlink(sent)
  }
  if (result.ok) return true
  const { error } = result
  const isService = sent.op.startsWith('ipvs.service')
  const text =
    error === 'EEXIST'
      ? `${isService ? 'Service' : 'Destination'} already exists(17)`
      : error === 'ENOENT'
        ? 'No such destination(2)'
        : error === 'ESRCH'
          ? 'No such service(3)'
          : error
  log(
    sys,
    state,
    `IPVS cmd IP_VS_SO_SET_${NAMES[sent.op]}(${NUMBERS[sent.op]}) error: ${text} (${ruleOf(sent)})`,
  )
  return error === 'EEXIST' || error === 'ENOENT'
}

/** '172.16.253.100:tcp:8080 -> 172.16.253.130:8080' (format_srule, format_drule). */
function ruleOf(op: IpvsOp & IpvsOpService): string {
  const proto = op.proto === 6 ? 'tcp' : op.proto === 17 ? 'udp' : 'sctp'
  const service = (op.fwmark ?? 0) > 0 ? `FWM ${op.fwmark ?? 0}` : `${formatIp4(op.vip)}:${proto}:${op.port}`
  return 'dport' in op ? `${service} -> ${formatIp4(op.ip)}:${op.dport}` : service
}
