import { type ReactNode, useState } from 'react'
import type { Ip4, Mac } from '../../core/base/ids.ts'
import type { DField } from '../../core/wire/dissect.ts'
import type { Ui } from '../../i18n/words.ts'
import type { FieldRow, LayerRows } from '../model/packet-diff.ts'
import { Address } from '../parts/address.tsx'
import { useScene, useWords } from '../session/context.tsx'

/** Fields worth showing before anybody asks for all. Changed ones are always shown. */
const MAIN: readonly string[] = [
  'eth.dst', 'eth.src', 'eth.type', 'arp.opcode', 'arp.src.hw_mac', 'arp.src.proto_ipv4', 'arp.dst.hw_mac',
  'arp.dst.proto_ipv4', 'ip.src', 'ip.dst', 'ip.ttl', 'ip.id', 'ip.checksum', 'tcp.srcport', 'tcp.dstport',
  'tcp.flags', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.checksum', 'udp.srcport', 'udp.dstport', 'icmp.type', 'icmp.code',
  'http.request.method', 'http.request.uri', 'http.response.code',
] // prettier-ignore

export const keyOf = (layer: LayerRows, field: DField): string => `${layer.at}:${field.name}:${field.at}`

interface Props {
  layers: readonly LayerRows[]
  /** There is a frame before: two columns where a value changed. */
  compared: boolean
  hovered: string | undefined
  onHover: (key: string | undefined) => void
}

/** Layer by layer: mark, field, came in, goes out. */
export function FieldTable({ layers, compared, hovered, onHover }: Props) {
  const { ui } = useWords()
  const [all, setAll] = useState(false)
  return (
    <>
      <table className="fields">
        <thead className={compared ? undefined : 'sr'}>
          <tr>
            <th scope="col">
              <span className="sr">{ui.inspector.byDecision}</span>
            </th>
            <th scope="col">{ui.inspector.field}</th>
            <th scope="col">{compared ? ui.inspector.cameIn : ui.inspector.value}</th>
            {compared ? <th scope="col">{ui.inspector.goesOut}</th> : <td />}
          </tr>
        </thead>
        {layers.map((layer) => (
          <LayerBody key={`${layer.at}:${layer.proto}`} {...{ layer, all, hovered, onHover }} />
        ))}
      </table>
      <div className="legend">
        {compared ? (
          <>
            <span>
              <MarkSign mark="decision" /> {ui.inspector.byDecision}
            </span>
            <span>
              <MarkSign mark="hop" /> {ui.inspector.byHop}
            </span>
          </>
        ) : null}
        <button type="button" className="btn quiet" aria-pressed={all} onClick={() => setAll(!all)}>
          {all ? ui.inspector.fewer : ui.inspector.all}
        </button>
      </div>
    </>
  )
}

function LayerBody(props: { layer: LayerRows; all: boolean } & Pick<Props, 'hovered' | 'onHover'>) {
  const { layer, all, hovered, onHover } = props
  const { ui } = useWords()
  const rows = layer.rows.filter((row) => all || row.mark !== undefined || MAIN.includes(row.field.name))
  if (rows.length === 0 && !all) return null
  return (
    <tbody>
      <tr className="layer">
        <td />
        <th colSpan={3} scope="rowgroup">
          {ui.inspector.layers[layer.proto]}
          {layer.depth > 0 ? ` (${ui.inspector.inner})` : ''}
        </th>
      </tr>
      {rows.map((row) => {
        const key = keyOf(layer, row.field)
        return (
          <tr
            key={key}
            className={`${row.was === undefined ? 'same' : 'changed'}${hovered === key ? ' hovered' : ''}`}
            onMouseEnter={() => onHover(key)}
            onMouseLeave={() => onHover(undefined)}
          >
            <td>{row.mark === undefined ? null : <MarkSign mark={row.mark} />}</td>
            <td className="field">{nameOf(row.field, ui)}</td>
            <Values row={row} ui={ui} />
          </tr>
        )
      })}
    </tbody>
  )
}

function Values({ row, ui }: { row: FieldRow; ui: Ui }): ReactNode {
  const note =
    row.field.note === undefined ? null : <span className="wrong"> {ui.inspector.notes[row.field.note]}</span>
  if (row.was === undefined)
    return (
      <td colSpan={2} className="value">
        <FieldValue field={row.field} />
        {note}
      </td>
    )
  if (addressSort(row.field) === 'ip')
    return (
      <td colSpan={2} className="value">
        <div className="was">
          <FieldValue field={row.was} />
        </div>
        <div className="now">
          <FieldValue field={row.field} />
        </div>
      </td>
    )
  return (
    <>
      <td className="value was">
        <FieldValue field={row.was} />
      </td>
      <td className="value now">
        <FieldValue field={row.field} />
        {note}
      </td>
    </>
  )
}

/** Addresses with their owners, MACs by their last three bytes; everything else as the dissector words it. */
function FieldValue({ field }: { field: DField }) {
  const { owners } = useScene()
  const sort = addressSort(field)
  if (sort === 'ip') return <Address text={field.text} code={owners.ofIp(field.value as Ip4)} />
  if (sort === 'mac') return <Address text={field.text.slice(-8)} code={owners.ofMac(field.value as Mac)} />
  return <span className="mono">{field.text}</span>
}

/** Whether a field is an address: told by its value's size and its text's form. */
export function addressSort(field: DField): 'ip' | 'mac' | undefined {
  if (typeof field.value !== 'number') return undefined
  if (field.length === 6 && field.text.length === 17) return 'mac'
  return field.length === 4 && /^\d+\.\d+\.\d+\.\d+$/.test(field.text) ? 'ip' : undefined
}

function nameOf(field: DField, ui: Ui): string {
  const names: Readonly<Record<string, string>> = ui.inspector.fieldNames
  return names[field.name] ?? field.name.split('.').slice(1).join(' ').replaceAll('_', ' ')
}

export function MarkSign({ mark }: { mark: 'decision' | 'hop' }) {
  const { ui } = useWords()
  return (
    <span
      className={`mark-${mark}`}
      role="img"
      aria-label={mark === 'decision' ? ui.inspector.byDecision : ui.inspector.byHop}
    />
  )
}
