import type { ReactNode } from 'react'
import { useWords } from '../session/context.tsx'

/** A heading, the command that shows this on Linux, column heads, rows; a word instead of an empty table. */
export function Section(props: {
  title: string
  command: string
  /** Columns of numbers are right-aligned. */
  columns: readonly (string | { number: string })[]
  rows: readonly ReactNode[]
  note?: string
}) {
  const { ui } = useWords()
  const { title, command, columns, rows, note } = props
  return (
    <section className="host-table">
      <h3>
        {title} <code>{command}</code>
      </h3>
      {rows.length === 0 ? (
        <p className="small">{ui.inspector.empty}</p>
      ) : (
        <table className="plain">
          <thead>
            <tr>
              {columns.map((column) => (
                <Head key={typeof column === 'string' ? column : column.number} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>{rows}</tbody>
        </table>
      )}
      {note === undefined ? null : <p className="small">{note}</p>}
    </section>
  )
}

function Head({ column }: { column: string | { number: string } }) {
  return typeof column === 'string' ? (
    <th scope="col">{column}</th>
  ) : (
    <th scope="col" className="number">
      {column.number}
    </th>
  )
}
