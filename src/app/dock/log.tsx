import { type ReactNode, useCallback } from 'react'
import { noteSentence } from '../../i18n/note-sentence.ts'
import { textOf } from '../../i18n/text-of.ts'
import type { Words } from '../../i18n/words.ts'
import { csvOf } from '../model/csv.ts'
import { firstAfter } from '../model/stops.ts'
import { secondsText } from '../model/time.ts'
import { EmptyBox } from '../parts/box.tsx'
import { Plate } from '../parts/plate.tsx'
import { Sentence } from '../parts/sentence.tsx'
import { saveFile } from '../parts/save-file.ts'
import { type Scene, useK, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'
import { VirtualRows } from './virtual-rows.tsx'

const ROW_PX = 28

/** The text twin of the stage: every note in words, in order. */
export function Log() {
  const words = useWords()
  const { ui } = words
  const scene = useScene()
  const { session } = scene
  const k = useK()
  useRevision()
  const curtain = useSessionState((s) => s.curtain)
  const all = session.lists.log
  const passed = firstAfter(all, k)
  const count = curtain ? passed : all.length
  const save = useCallback(
    () => saveFile('vipscope-log.csv', 'text/csv', logCsv(scene, words)),
    [scene, words],
  )
  if (count === 0) return <EmptyBox title={ui.inspector.noCause} how={ui.stage.emptyHow} />
  const { columns } = ui.dock
  return (
    <div className="log">
      <div className="log-bar">
        <span className="small">
          {curtain || passed === all.length ? '' : ui.dock.future(all.length - passed)}
        </span>
        <button type="button" className="btn quiet" disabled={curtain} onClick={save}>
          {ui.dock.saveLog}
        </button>
      </div>
      <VirtualRows
        label={ui.dock.logLabel}
        className="log-rows"
        head={[columns.no, columns.time, columns.host, columns.what]}
        count={count}
        current={passed - 1}
        ahead={passed}
        rowPx={ROW_PX}
        cells={(row) => logCells(scene, words, all[row] ?? -1)}
        onMove={(row) => session.player.set(all[row] ?? k)}
      />
    </div>
  )
}

function logCells({ session, owners }: Scene, words: Words, k: number): ReactNode[] {
  const record = session.run.records[k]
  if (record === undefined) return []
  return [
    <span className="mono">{record.i}</span>,
    <span className="mono">{secondsText(record.at)}</span>,
    <>
      <Plate code={owners.codeOf(record.host)} /> {record.host}
    </>,
    <Sentence parts={noteSentence(words, record)} />,
  ]
}

function logCsv({ session }: Scene, words: Words): string {
  const { columns } = words.ui.dock
  const rows = session.lists.log.flatMap((k) => {
    const record = session.run.records[k]
    if (record === undefined) return []
    return [
      [String(k), secondsText(record.at), record.host, record.kind, textOf(noteSentence(words, record))],
    ]
  })
  return csvOf([[columns.no, columns.time, columns.host, 'kind', columns.what], ...rows])
}
