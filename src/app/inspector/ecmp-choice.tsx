import { useCallback, useMemo, useRef } from 'react'
import { formatIp4 } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import { createDecisionStripView, DECISION_STRIP_HEIGHT } from '../../view/charts/decision-strip.ts'
import type { DecisionStripModel } from '../../view/charts/model.ts'
import { useSize } from '../parts/use-size.ts'
import { useView } from '../parts/use-view.ts'
import { useScene, useWords } from '../session/context.tsx'

type Ecmp = Extract<TraceRecord, { kind: 'ecmp' }>

/** Which fields the hash looked at, the number it gave, and the band it fell into. */
export function EcmpChoice({ note }: { note: Ecmp }) {
  const { ui } = useWords()
  const words = ui.inspector
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  return (
    <section className="ecmp" ref={box}>
      <h3>{words.ecmp}</h3>
      {note.bySource ? <p>{words.ecmpBySource}</p> : null}
      <p className="small">{words.ecmpFields(note.policy)}</p>
      <table className="plain">
        <tbody>
          {fieldsOf(note).map(({ name, text, used }) => (
            <tr key={name} className={used ? 'used' : 'unused'}>
              <th scope="row">{words.fields[name]}</th>
              <td>
                <code>{name === 'sport' && note.sport === 0 ? '?' : text}</code>
              </td>
              <td>{used ? words.ecmpUsed : words.ecmpUnused}</td>
            </tr>
          ))}
          <tr className="used">
            <th scope="row">{words.ecmpHash}</th>
            <td colSpan={2}>
              <code>{note.hash}</code>
            </td>
          </tr>
        </tbody>
      </table>
      {note.randomPort && usesPorts(note.policy) ? <p className="small">{words.ecmpRandom}</p> : null}
      {width > 0 ? <Strip note={note} width={width} /> : null}
    </section>
  )
}

function Strip({ note, width }: { note: Ecmp; width: number }) {
  const { owners } = useScene()
  const { ui } = useWords()
  const create = useCallback((root: SVGGElement) => createDecisionStripView(root), [])
  const model = useMemo((): DecisionStripModel => {
    const codes = note.gateways.map((gateway) => owners.ofIp(gateway))
    const label = `${ui.inspector.ecmpHash} ${note.hash} → ${codes[note.pick] ?? ''}`
    return { width, bounds: note.bounds, codes, hash: note.hash, pick: note.pick, ariaLabel: label }
  }, [note, width, owners, ui])
  const root = useView(create, model)
  return (
    <svg className="vs strip" width={width} height={DECISION_STRIP_HEIGHT}>
      <g ref={root} />
    </svg>
  )
}

const usesPorts = (policy: number): boolean => policy === 1 || policy === 3

type FieldName = 'src' | 'dst' | 'proto' | 'sport' | 'dport'

/** What each policy takes in; for policy 3 the kernel's default fields (addresses and protocol), as measured. */
function fieldsOf(note: Ecmp): { name: FieldName; text: string; used: boolean }[] {
  const l4 = note.policy === 1
  return [
    { name: 'src', text: formatIp4(note.src), used: true },
    { name: 'dst', text: formatIp4(note.dst), used: true },
    { name: 'proto', text: String(note.proto), used: l4 || note.policy === 3 },
    { name: 'sport', text: String(note.sport), used: l4 },
    { name: 'dport', text: String(note.dport), used: l4 },
  ]
}
