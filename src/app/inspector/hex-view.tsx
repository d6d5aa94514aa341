import { useRef } from 'react'
import { hexOf, type Bytes } from '../../core/base/bytes.ts'
import type { Ip4, Mac } from '../../core/base/ids.ts'
import { hexRows, type HexRun } from '../model/hex-rows.ts'
import type { LayerRows } from '../model/packet-diff.ts'
import { hueStyle } from '../parts/plate.tsx'
import { useSize } from '../parts/use-size.ts'
import { useScene, useWords } from '../session/context.tsx'
import { addressSort, keyOf } from './field-table.tsx'

/** One byte in mono 12: two digits and a space. The offset takes six places. */
const BYTE_PX = 21.7
const OFFSET_PX = 42

/** The frame in hex. Address bytes wear their owner's underline, changed bytes are bold; fields and bytes point at each other. */
export function HexView(props: {
  bytes: Bytes
  layers: readonly LayerRows[]
  hovered: string | undefined
  onHover: (key: string | undefined) => void
}) {
  const { ui } = useWords()
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const perRow = Math.max(8, Math.min(12, Math.floor((width - OFFSET_PX) / BYTE_PX)))
  const rows = width === 0 ? [] : hexRows(props.bytes.length, perRow, marksOf(props.layers))
  return (
    <section className="hex" aria-label={ui.inspector.bytes} ref={box}>
      {rows.map((row) => (
        <div key={row.at} className="hex-row">
          <span className="offset">{row.at.toString(16).padStart(4, '0')}</span>
          {row.runs.map((run) => (
            <HexBytes key={run.at} run={run} {...props} />
          ))}
        </div>
      ))}
    </section>
  )
}

function HexBytes(props: {
  run: HexRun<FieldMark>
  bytes: Bytes
  hovered: string | undefined
  onHover: (key: string | undefined) => void
}) {
  const { run, bytes, hovered, onHover } = props
  const { owners } = useScene()
  const mark = run.mark
  const text = hexOf(bytes.subarray(run.at, run.at + run.length)).replace(/(..)(?=.)/g, '$1 ')
  const code =
    mark?.ip !== undefined ? owners.ofIp(mark.ip) : mark?.mac !== undefined ? owners.ofMac(mark.mac) : ''
  const classes = [
    code === '' ? '' : 'owned',
    mark?.changed ? 'changed' : '',
    mark && mark.key === hovered ? 'hovered' : '',
  ]
  return (
    <span
      className={classes.join(' ')}
      style={code === '' ? undefined : hueStyle(code)}
      onMouseEnter={() => onHover(mark?.key)}
      onMouseLeave={() => onHover(undefined)}
    >
      {text}
    </span>
  )
}

interface FieldMark {
  at: number
  length: number
  key: string
  changed: boolean
  ip?: Ip4
  mac?: Mac
}

function marksOf(layers: readonly LayerRows[]): FieldMark[] {
  return layers.flatMap((layer) =>
    layer.rows.map((row): FieldMark => {
      const { field } = row
      const mark = {
        at: field.at,
        length: field.length,
        key: keyOf(layer, field),
        changed: row.was !== undefined,
      }
      const sort = addressSort(field)
      if (sort === 'ip') return { ...mark, ip: field.value as Ip4 }
      return sort === 'mac' ? { ...mark, mac: field.value as Mac } : mark
    }),
  )
}
