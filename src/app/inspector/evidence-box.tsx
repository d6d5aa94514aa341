import type { HostView, TraceRecord } from '../../engine/engine.ts'
import { useMapWords } from '../netfilter/words.ts'
import { Sentence } from '../parts/sentence.tsx'
import { useWords } from '../session/context.tsx'
import { evidenceOf } from './evidence.ts'

/** What a decision has looked up, beside its sentence. All of it can be selected and copied. */
export function EvidenceBox({ note, view }: { note: TraceRecord; view: HostView | undefined }) {
  const words = useWords()
  const map = useMapWords()
  const evidence = evidenceOf(note, view, words, map)
  if (evidence === undefined) return null
  const { command, rows, text } = evidence
  return (
    <div className="evidence">
      {command === undefined || rows.length === 0 ? null : <code className="command"># {command}</code>}
      {rows.length === 0 ? null : (
        <ul>
          {rows.map((row, i) => (
            <li key={i} className={row.chosen ? 'chosen' : 'unchosen'}>
              <span>
                <Sentence parts={row.parts} />
              </span>
              {row.why === '' ? null : <span className="reason">{row.why}</span>}
            </li>
          ))}
        </ul>
      )}
      {text === undefined ? null : <p className="small">{text}</p>}
    </div>
  )
}
