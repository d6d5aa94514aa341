import { write16 } from '../../../base/bytes.ts'
import { MAX_AGE } from '../../../wire/ospf-lsa.ts'
import { ageOf } from './lsdb.ts'
import { bodyMax, makePacket, params, queuePacket, type Run } from './run.ts'
import type { Lsa, Oif } from './types.ts'

/** Link state updates and acknowledgements on their way out (ospf_ls_upd_send_queue_event, ospf_ls_ack_send_event). */

/** Send what waits for the interface, as many LSAs to a packet as fit. */
export function writeUpdates(run: Run, oif: Oif): void {
  const mine = run.updates.filter((queue) => queue.oif === oif).sort((a, b) => a.dst - b.dst)
  run.updates = run.updates.filter((queue) => queue.oif !== oif)
  for (const { dst, lsas } of mine) {
    while (lsas.length > 0) {
      const aged = takeFitting(lsas, bodyMax(run, oif) - 4, (lsa) => lsa.length).map((lsa) => {
        const bytes = lsa.bytes.slice()
        write16(bytes, 0, sentAge(run, oif, lsa))
        return bytes
      })
      queuePacket(run, oif, dst, makePacket(run, oif, { kind: 'lsu', lsas: aged }))
    }
  }
}

/** The age grows by the time the interface takes to transmit, InfTransDelay (RFC 2328 13.3 (5), ls_age_increment). */
function sentAge(run: Run, oif: Oif, lsa: Lsa): number {
  const age = ageOf(lsa, run.now)
  return age === MAX_AGE ? age : Math.min(MAX_AGE, age + params(run, oif).transmitDelay)
}

/** Acknowledge LSAs; the age in it is that at which they came. */
export function writeAcks(run: Run, oif: Oif, lsas: Lsa[], dst: number): void {
  while (lsas.length > 0) {
    const headers = takeFitting(lsas, bodyMax(run, oif), () => 20).map((lsa) => {
      const { age0, type, id, adv, seq, checksum, options, length } = lsa
      return { age: age0, type, id, adv, seq, checksum, options, length }
    })
    queuePacket(run, oif, dst as typeof oif.ip, makePacket(run, oif, { kind: 'lsack', headers }))
  }
}

/** At least one, and then as many as there is room for. */
function takeFitting(lsas: Lsa[], room: number, size: (lsa: Lsa) => number): Lsa[] {
  let used = 0
  let count = 0
  for (const lsa of lsas) {
    used += size(lsa)
    if (count > 0 && used > room) break
    count += 1
  }
  return lsas.splice(0, count)
}
