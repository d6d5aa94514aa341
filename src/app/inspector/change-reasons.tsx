import type { Ui } from '../../i18n/words.ts'
import { makingOf } from '../model/flags.ts'
import type { Owners } from '../model/owners.ts'
import type { LayerRows } from '../model/packet-diff.ts'
import { useScene, useWords } from '../session/context.tsx'
import type { RunData } from '../session/run-data.ts'

/** For every changed field the rule that changed it. */
export function ChangeReasons({ layers, flight }: { layers: readonly LayerRows[]; flight: number }) {
  const { ui } = useWords()
  const { session, owners } = useScene()
  const changed = layers.flatMap((layer) =>
    layer.rows.filter((row) => row.mark !== undefined).map((row) => row.field.name),
  )
  if (changed.length === 0) return null
  return (
    <section className="reasons">
      <h3>{ui.inspector.whyChanged}</h3>
      <dl>
        {changed.map((name) => (
          <div key={name}>
            <dt>{labelOf(name, ui)}</dt>
            <dd>{reasonOf(name, session.run, flight, owners, ui)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** The field with its layer, where two layers have one of that name. */
function labelOf(field: string, ui: Ui): string {
  if (field === 'eth.src') return ui.stage.macFrom
  if (field === 'eth.dst') return ui.stage.macTo
  const names: Readonly<Record<string, string>> = ui.inspector.fieldNames
  return names[field] ?? field
}

function reasonOf(field: string, run: RunData, flight: number, owners: Owners, ui: Ui): string {
  const reasons = ui.inspector.reasons
  if (field === 'eth.src') return reasons.macFrom
  if (field === 'ip.ttl') return reasons.ttl
  if (field === 'ip.checksum') return reasons.checksum
  if (field === 'tcp.checksum' || field === 'udp.checksum') return reasons.tcpChecksum
  if (field === 'ip.src' || field === 'ip.dst') return addressReason(field, run, flight, owners, ui)
  if (field !== 'eth.dst') return reasons.other
  for (const note of makingOf(run, flight)) {
    if (note.kind === 'ipvs.xmit') {
      const server = owners.hostOf(owners.ofIp(note.dip)) ?? ''
      return note.mode === 'dr' ? reasons.macDr(server) : reasons.macNext(server)
    }
    if (note.kind === 'ecmp') {
      const gateway = note.gateways[note.pick]
      if (gateway !== undefined) return reasons.macEcmp(owners.hostOf(owners.ofIp(gateway)) ?? '')
    }
  }
  return reasons.macHop
}

/** IP addresses change where IPVS writes them: on the way in by the mode, on the way back all to what they were. */
function addressReason(
  field: 'ip.src' | 'ip.dst',
  run: RunData,
  flight: number,
  owners: Owners,
  ui: Ui,
): string {
  const { reasons } = ui.inspector
  for (const note of makingOf(run, flight)) {
    if (note.kind === 'ipvs.reply') return reasons.ipBack
    if (note.kind !== 'ipvs.xmit') continue
    const server = owners.hostOf(owners.ofIp(note.dip)) ?? ''
    if (note.mode === 'tun') return reasons.outer(note.host, server)
    return field === 'ip.dst' ? reasons.ipNat(server) : reasons.ipLocal(note.host)
  }
  return reasons.other
}
