import { noteSentence } from '../../i18n/note-sentence.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import { heardBy } from '../model/heard.ts'
import { staysOf, type Stay } from '../model/chain.ts'
import { useMapWords } from '../netfilter/words.ts'
import { useZoom } from '../netfilter/zoom.ts'
import { WalkTable } from '../netfilter/walk-table.tsx'
import { HostName } from '../parts/address.tsx'
import { EmptyBox } from '../parts/box.tsx'
import { Sentence } from '../parts/sentence.tsx'
import { useK, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'
import { useHostView } from '../session/use-host-view.ts'
import { EcmpChoice } from './ecmp-choice.tsx'
import { EvidenceBox } from './evidence-box.tsx'

/** Stays shown before the present one; older causes are reached by going to an earlier note. */
const EARLIER = 6

/**
 * Why this happened, and why nothing else did: the walk inside the host that is looked into, then the chain of causes of the
 * note at the playhead, host by host, newest first, with what each decision has looked up.
 */
export function WhyPanel() {
  const { ui } = useWords()
  const { session } = useScene()
  const k = useK()
  const inside = useZoom((zoom) => zoom.host)
  useRevision()
  const { run } = session
  if (k <= run.bootRecord) return <EmptyBox title={ui.inspector.noCause} how={ui.inspector.noPacketHow} />
  const stays = staysOf(run.records, k, 400).filter((stay) => stay.notes.some((i) => i > run.bootRecord))
  const shown = stays.slice(-1 - EARLIER).reverse()
  const notes = shown.flatMap((stay) => stay.notes).flatMap((i) => run.records[i] ?? [])
  const ecmp = notes.find((record) => record.kind === 'ecmp')
  return (
    <div className="why">
      {inside === undefined ? null : <WalkTable host={inside} />}
      <h2>{ui.inspector.cause}</h2>
      {shown.map((stay, i) => (
        <StayNotes
          key={stay.notes[0]}
          stay={stay}
          k={k}
          heading={i === 1 ? ui.inspector.earlier : undefined}
        />
      ))}
      <Silent notes={notes} />
      {ecmp?.kind === 'ecmp' ? <EcmpChoice note={ecmp} /> : null}
    </div>
  )
}

function StayNotes({ stay, k, heading }: { stay: Stay; k: number; heading: string | undefined }) {
  const words = useWords()
  const { session } = useScene()
  const { records } = session.run
  const notes = stay.notes.filter((i) => records[i]?.kind !== 'tx' && i > session.run.bootRecord)
  return (
    <section>
      {heading === undefined ? null : <h3 className="earlier">{heading}</h3>}
      <h3>
        <HostName host={stay.host} />
      </h3>
      <ol>
        {notes.map((i) => {
          const record = records[i]
          if (record === undefined) return null
          return (
            <li key={i} aria-current={i === k ? 'step' : undefined}>
              <button type="button" onClick={() => session.player.set(i)}>
                <Sentence parts={noteSentence(words, record)} />
              </button>
              {i === k || isRefusal(record) ? <NoteEvidence note={record} /> : null}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

/** Always explained: somebody will ask why not. */
function isRefusal(record: TraceRecord): boolean {
  return record.kind === 'arp.ignored' || record.kind === 'drop' || record.kind === 'ecmp'
}

function NoteEvidence({ note }: { note: TraceRecord }) {
  return <EvidenceBox note={note} view={useHostView(note.host, note.i)} />
}

/** Why nobody else answered: what became of the last ARP question on all hosts that heard it. */
function Silent({ notes }: { notes: readonly TraceRecord[] }) {
  const words = useWords()
  const map = useMapWords()
  const { session } = useScene()
  const k = useK()
  const curtain = useSessionState((s) => s.curtain)
  const asked = notes.filter((note) => note.kind === 'arp.request').at(-1)
  if (asked === undefined) return null
  const heard = heardBy(session.run.records, asked.i, curtain ? k : Infinity)
  if (heard.length === 0) return null
  return (
    <section className="silent">
      <h3>{map.why.silent}</h3>
      <ul>
        {heard.map(({ host, note }) => (
          <li key={note.i}>
            <button type="button" onClick={() => session.player.set(note.i)}>
              <HostName host={host} />{' '}
              {note.kind === 'drop' ? map.why.notMine : <Sentence parts={noteSentence(words, note)} />}
            </button>
            {note.kind === 'arp.ignored' ? <EvidenceBox note={note} view={undefined} /> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}
