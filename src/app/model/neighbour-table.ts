import { formatIp4, formatMac } from '../../core/base/ids.ts'
import type { Ui } from '../../i18n/words.ts'
import type { CardTable } from '../../view/stage/model.ts'
import type { RunData } from '../session/run-data.ts'
import type { Owners } from './owners.ts'

/** The neighbour table grows out of the card while an entry is being written. */
export function neighbourTable(run: RunData, k: number, owners: Owners, ui: Ui): CardTable | undefined {
  const note = run.records[k]
  if (note?.kind !== 'neigh' || note.mac === 0) return undefined
  const rows: CardTable['rows'][number][] = [
    { address: formatIp4(note.ip), owner: owners.ofIp(note.ip), note: note.to, strong: true },
  ]
  if (note.oldMac !== 0 && note.oldMac !== note.mac)
    rows.push({
      address: formatMac(note.oldMac),
      owner: owners.ofMac(note.oldMac),
      note: ui.stage.was,
      mark: 'old',
    })
  const isNew = note.oldMac !== note.mac
  rows.push({
    address: formatMac(note.mac),
    owner: owners.ofMac(note.mac),
    note: isNew ? ui.stage.justNow : '',
    ...(isNew && { mark: 'new' as const }),
  })
  return { title: ui.stage.neighbours, command: 'ip neigh', rows }
}
