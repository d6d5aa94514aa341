import { noteSentence } from '../../i18n/note-sentence.ts'
import { staysOf, type Stay } from '../model/chain.ts'
import { HostName } from '../parts/address.tsx'
import { EmptyBox } from '../parts/box.tsx'
import { Sentence } from '../parts/sentence.tsx'
import { useK, useRevision, useScene, useWords } from '../session/context.tsx'
import { EcmpChoice } from './ecmp-choice.tsx'

/** Stays shown before the present one; older causes are reached by going to an earlier note. */
const EARLIER = 6

/** The chain of causes of the note at the playhead, host by host, newest first; and the next-hop choice in it. */
export function WhyPanel() {
  const { ui } = useWords()
  const { session } = useScene()
  const k = useK()
  useRevision()
  const { run } = session
  if (k <= run.bootRecord) return <EmptyBox title={ui.inspector.noCause} how={ui.inspector.noPacketHow} />
  const stays = staysOf(run.records, k, 400).filter((stay) => stay.notes.some((i) => i > run.bootRecord))
  const shown = stays.slice(-1 - EARLIER).reverse()
  const notes = shown.flatMap((stay) => stay.notes)
  const ecmp = notes.map((i) => run.records[i]).find((record) => record?.kind === 'ecmp')
  return (
    <div className="why">
      <h2>{ui.inspector.cause}</h2>
      {shown.map((stay, i) => (
        <StayNotes
          key={stay.notes[0]}
          stay={stay}
          k={k}
          heading={i === 1 ? ui.inspector.earlier : undefined}
        />
      ))}
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
            </li>
          )
        })}
      </ol>
    </section>
  )
}
