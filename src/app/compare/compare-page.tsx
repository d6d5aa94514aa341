import { useCallback, useEffect, useMemo, useState } from 'react'
import { createWorkerEngine } from '../../engine/index.ts'
import { loadCompareWords } from '../../i18n/load.ts'
import type { CompareWords } from '../../i18n/words.ts'
import { MODE_FLAGS } from '../model/lvs-lab.ts'
import { ErrorBox } from '../parts/box.tsx'
import { Plate } from '../parts/plate.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useWords } from '../session/context.tsx'
import '../styles/compare.css'
import { useAnswer } from '../hash/use-study.ts'
import { FlagCell } from './flag-cell.tsx'
import { type ModeRun, runModes } from './run-modes.ts'
import { SummaryRows } from './summary-rows.tsx'
import { columnOf, EXCHANGES, type Exchange, type ModeColumn, type Row, rowsOf } from './table.ts'
import { Way } from './way.tsx'

const makeWorker = (): Worker =>
  new Worker(new URL('../../engine/worker.ts', import.meta.url), { type: 'module' })

/** The same request in the four modes of LVS, hop by hop beside each other. */
export function ComparePage() {
  const { lang, ui } = useWords()
  const load = useCallback(() => loadCompareWords(lang), [lang])
  const words = useAnswer(load)
  const made = useModes()
  useTitle(words?.title ?? '')
  if (!words || made === undefined)
    return (
      <main className="booting">
        <p role="status">{words?.running}</p>
      </main>
    )
  if (typeof made === 'string')
    return (
      <main className="page">
        <ErrorBox title={words.failed} safe={ui.error.engineSafe} detail={made} />
      </main>
    )
  return <Table words={words} runs={made} />
}

/** Runs of the four modes; text = what went wrong. */
function useModes(): ModeRun[] | string | undefined {
  const words = useWords()
  const [made, setMade] = useState<ModeRun[] | string>()
  useEffect(() => {
    const engine = createWorkerEngine(makeWorker)
    let isOver = false
    runModes(engine, words).then(
      (runs) => {
        if (!isOver) setMade(runs)
      },
      (error: unknown) => {
        if (!isOver) setMade(error instanceof Error ? error.message : String(error))
      },
    )
    return () => {
      isOver = true
      engine.dispose()
    }
  }, [words])
  return made
}

function Table({ words, runs }: { words: CompareWords; runs: readonly ModeRun[] }) {
  const [exchange, setExchange] = useState<Exchange>('open')
  const columns = useMemo(() => runs.map((run) => columnOf(run, exchange)), [runs, exchange])
  const rows = useMemo(() => rowsOf(columns), [columns])
  const [step, setStep] = useState(2)
  const at = Math.min(step, rows.length - 1)
  const move = useCallback(
    (by: number) => {
      setStep(Math.max(0, Math.min(rows.length - 1, at + by)))
    },
    [rows.length, at],
  )
  useArrows(move)
  const row = rows[at]
  return (
    <main className="compare-page" id="stage" tabIndex={-1}>
      <h1 className="sr">{words.title}</h1>
      <header className="compare-head">
        <p aria-live="polite">
          {words.lead}{' '}
          {row ? <b>{words.caption[row.way](row.legs.find((leg) => leg)?.host ?? row.from)}</b> : null}
        </p>
        <Segmented
          label={words.exchange}
          value={exchange}
          segments={EXCHANGES.map((value) => ({ value, label: words.exchanges[value] }))}
          onChoose={setExchange}
        />
        <span className="compare-steps" role="group" aria-label={words.steps}>
          <button type="button" className="btn" onClick={() => move(-1)} disabled={at === 0}>
            ← {words.back}
          </button>
          <button type="button" className="btn" onClick={() => move(1)} disabled={at === rows.length - 1}>
            {words.next} →
          </button>
        </span>
      </header>
      <div className="compare-scroll">
        <table>
          <Heads words={words} columns={columns} />
          <tbody>
            {rows.map((one, i) => (
              <HopRow
                key={`${one.way}${one.from}`}
                {...{ words, row: one, current: i === at }}
                onPick={() => setStep(i)}
              />
            ))}
            <SummaryRows words={words} columns={columns} />
          </tbody>
        </table>
      </div>
    </main>
  )
}

function useArrows(move: (by: number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof Element && event.target.closest('[role="radiogroup"], input, select'))
        return
      if (event.key === 'ArrowRight' || event.key === 'ArrowDown') move(1)
      else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') move(-1)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [move])
}

const NAMES = { dr: 'DR', nat: 'NAT', fullnat: 'FULLNAT', tun: 'TUN' } as const

function Heads({ words, columns }: { words: CompareWords; columns: readonly ModeColumn[] }) {
  return (
    <thead>
      <tr>
        <td />
        {columns.map((column) => {
          const { mode, typed } = column.run
          const lines = typed.map(({ host, line }) => `${host}# ${line}`).join('\n')
          return (
            <th key={mode} scope="col">
              <span className="compare-mode">{NAMES[mode]}</span> <code>ipvsadm {MODE_FLAGS[mode]}</code>
              {typed.length === 0 ? null : (
                <details className="compare-typed">
                  <summary>{words.commands(typed.length)}</summary>
                  <pre>{lines}</pre>
                </details>
              )}
              <Way column={column} request={words.request} reply={words.reply} />
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

interface HopRowProps {
  words: CompareWords
  row: Row
  current: boolean
  onPick: () => void
}

function HopRow({ words, row, current, onPick }: HopRowProps) {
  return (
    <tr className={`compare-hop ${row.way}${current ? ' current' : ''}`} onClick={onPick}>
      <th scope="row" aria-current={current ? 'step' : undefined}>
        <Plate code={row.from} /> → {row.to === '' ? null : <Plate code={row.to} />}
      </th>
      {row.legs.map((leg, i) => (
        <td key={i}>{leg ? <FlagCell flag={leg.flag} /> : <i>{words.notHere(row.from)}</i>}</td>
      ))}
    </tr>
  )
}
