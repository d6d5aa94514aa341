import type { ReactNode } from 'react'
import type { Ui } from '../../i18n/words.ts'
import { secondsText } from '../model/time.ts'
import { Address } from '../parts/address.tsx'
import { Icon } from '../parts/icon.tsx'
import { Plate } from '../parts/plate.tsx'
import type { Owners } from '../model/owners.ts'
import type { CapturedFrame } from './capture.ts'
import { type End, type ExpertMark, frameInfo } from './frame-info.ts'

/** Cells of one row. `flow` = conversation of the current row: rows of the same one wear a filled number. */
export function packetCells(
  frame: CapturedFrame,
  owners: Owners,
  ui: Ui,
  more: { flow: number | undefined; lost: (record: number) => string; onFlow: (stream: number) => void },
): ReactNode[] {
  const info = frameInfo(frame)
  return [
    <span className="mono">{frame.number}</span>,
    <span className="mono">{secondsText(frame.at)}</span>,
    <Where frame={frame} owners={owners} ui={ui} />,
    <Flow stream={frame.tcp?.stream} current={more.flow} onFlow={more.onFlow} ui={ui} />,
    <EndCell end={info.from} owners={owners} />,
    <EndCell end={info.to} owners={owners} />,
    <span>{info.protocol}</span>,
    <span className="mono">{frame.bytes.length}</span>,
    <span className="info" title={info.line}>
      {info.marks.map((mark) => (
        <Mark key={mark} mark={mark} text={markText(mark, frame, ui, more.lost)} />
      ))}
      <span className="mono">{info.text}</span>
    </span>,
  ]
}

function markText(mark: ExpertMark, frame: CapturedFrame, ui: Ui, lost: (record: number) => string): string {
  return mark === 'lost' ? `${ui.packets.marks.lost}: ${lost(frame.record)}` : ui.packets.marks[mark]
}

function Mark({ mark, text }: { mark: ExpertMark; text: string }) {
  return (
    <span className={`expert ${mark}`}>
      {mark === 'lost' ? <Icon name="drop" size={12} /> : null}
      {text}
    </span>
  )
}

function Where({ frame, owners, ui }: { frame: CapturedFrame; owners: Owners; ui: Ui }) {
  const way = frame.way === undefined ? '' : ` ${ui.packets.way[frame.way]}`
  return (
    <>
      {frame.host === '' ? null : <Plate code={owners.codeOf(frame.host)} />}{' '}
      <span className="muted">
        {frame.dev}
        {way}
      </span>
    </>
  )
}

function Flow(props: {
  stream: number | undefined
  current: number | undefined
  onFlow: (stream: number) => void
  ui: Ui
}) {
  const { stream, current, onFlow, ui } = props
  if (stream === undefined) return null
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`flow${stream === current ? ' same' : ''}`}
      title={ui.packets.followHow}
      onClick={(event) => {
        event.stopPropagation()
        onFlow(stream)
      }}
    >
      {stream}
    </button>
  )
}

function EndCell({ end, owners }: { end: End; owners: Owners }) {
  if (end.ip !== undefined) return <Address text={end.text} code={owners.ofIp(end.ip)} />
  if (end.mac !== undefined) return <Address text={end.text.slice(-8)} code={owners.ofMac(end.mac)} />
  return <span className="mono">{end.text}</span>
}
