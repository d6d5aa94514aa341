import type { ReactNode } from 'react'
import type { CompareWords } from '../../i18n/words.ts'
import type { FlagField } from '../../view/flag/model.ts'
import { Plate } from '../parts/plate.tsx'
import type { LvsMode } from '../model/lvs-lab.ts'
import type { ModeColumn, Summary } from './table.ts'
import { summaryOf } from './table.ts'

type RowId = keyof CompareWords['rows']
const ROWS: readonly RowId[] = ['changed', 'reply', 'seen', 'needs', 'ttl', 'bytes', 'price']

/** Below the packets: what the modes come to, read from the runs. */
export function SummaryRows({ words, columns }: { words: CompareWords; columns: readonly ModeColumn[] }) {
  const found = columns.map((column) => ({ mode: column.run.mode, summary: summaryOf(column) }))
  return ROWS.map((row) => (
    <tr key={row} className="compare-summary">
      <th scope="row">{words.rows[row]}</th>
      {found.map(({ mode, summary }) => (
        <td key={mode}>{cell(row, words, mode, summary)}</td>
      ))}
    </tr>
  ))
}

function cell(row: RowId, words: CompareWords, mode: LvsMode, summary: Summary): ReactNode {
  switch (row) {
    case 'changed':
      return <b>{summary.changed.map((field) => words.fields[field as FlagField]).join(', ')}</b>
    case 'reply':
      return <Reply words={words} summary={summary} />
    case 'seen':
      return (
        <>
          <Plate code={summary.seen} /> {summary.seen === 'C' ? words.seen.client : words.seen.other}
        </>
      )
    case 'needs':
      return needsOf(words, mode, summary).join('; ')
    case 'ttl':
      return summary.ttl
    case 'bytes':
      return summary.bytes
    case 'price':
      return mode === 'tun' ? words.price.tun(summary.added) : words.price[mode]
  }
}

function Reply({ words, summary }: { words: CompareWords; summary: Summary }) {
  return (
    <>
      {summary.way.map((code, i) => (
        <span key={i}>
          {i > 0 ? ' → ' : ''}
          <Plate code={code} />
        </span>
      ))}
      {summary.passesDirector ? null : (
        <>
          {' '}
          {words.past} <Plate code="L1" />
        </>
      )}
    </>
  )
}

/** DR reaches the server by its MAC alone, which takes a common LAN. */
function needsOf(words: CompareWords, mode: LvsMode, summary: Summary): string[] {
  const needs: string[] = []
  if (summary.vipOnServer) needs.push(words.needs.vip)
  if (summary.tunnelOnServer) needs.push(words.needs.tunnel)
  if (summary.gatewayIsDirector) needs.push(words.needs.gateway)
  if (mode === 'dr') needs.push(words.needs.lan)
  return needs.length > 0 ? needs : [words.needs.nothing]
}
