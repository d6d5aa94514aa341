import { Fragment, use } from 'react'
import '../styles/fidelity.css'
import { useWords } from '../session/context.tsx'
import { type FidelityGroup, type FidelityRow, loadFidelity, reasonsOf, sumOf } from './fidelity-data.ts'

type Loaded = Awaited<ReturnType<typeof loadFidelity>>
const kept: Partial<Record<string, Promise<Loaded>>> = {}

/** Every recorded scenario with what is equal, and why the rest is not. Made by the tests that compare them. */
export function FidelityTable() {
  const { ui, lang } = useWords()
  const { groups, word } = use((kept[lang] ??= loadFidelity(lang)))
  const words = ui.about.table
  const sum = sumOf(groups)
  return (
    <>
      <p>{words.sum(sum.takes, sum.equalTakes, sum.points, sum.pointsOf, sum.packets)}</p>
      <div className="fidelity-box" tabIndex={0} role="region" aria-label={words.label}>
        <table className="fidelity">
          <thead>
            <tr>
              <th scope="col">{words.scenario}</th>
              <th scope="col" className="number">
                {words.points}
              </th>
              <th scope="col" className="number">
                {words.packets}
              </th>
              <th scope="col" className="number">
                {words.commands}
              </th>
              <th scope="col">{words.differences}</th>
            </tr>
          </thead>
          {groups.map((group) => (
            <Group key={group.shows} group={group} word={word} />
          ))}
        </table>
      </div>
    </>
  )
}

function Group({ group, word }: { group: FidelityGroup; word: Loaded['word'] }) {
  return (
    <tbody>
      <tr className="shows">
        <th colSpan={5} scope="rowgroup">
          <Said text={group.shows} word={word} />
        </th>
      </tr>
      {group.rows.map((row) => (
        <Take key={row.id} row={row} word={word} />
      ))}
    </tbody>
  )
}

function Take({ row, word }: { row: FidelityRow; word: Loaded['word'] }) {
  const { ui } = useWords()
  const words = ui.about.table
  const places = [...new Set(row.differences.map(({ point }) => point))]
  return (
    <tr>
      <th scope="row" className="mono">
        {row.id}
      </th>
      <td className={`number${row.points < row.pointsOf ? ' less' : ''}`}>
        {row.points}/{row.pointsOf}
      </td>
      <td className="number">{row.packets}</td>
      <td className={`number${row.transcripts < row.transcriptsOf ? ' less' : ''}`}>
        {row.transcripts}/{row.transcriptsOf}
      </td>
      <td>
        {row.differences.length + row.words.length === 0 ? (
          <span className="muted">{words.none}</span>
        ) : (
          <details>
            <summary>{words.why(row.differences.length, row.words.length)}</summary>
            {places.length > 0 ? (
              <p>
                {words.at} <span className="mono">{places.join(', ')}</span>
              </p>
            ) : null}
            <Reasons list={row.differences} word={word} />
            {row.words.map(({ line, reason }, i) => (
              <Fragment key={i}>
                <code>{line}</code>
                <p>
                  <Said text={reason} word={word} />
                </p>
              </Fragment>
            ))}
          </details>
        )}
      </td>
    </tr>
  )
}

function Reasons({ list, word }: { list: readonly { reason: string }[]; word: Loaded['word'] }) {
  return reasonsOf(list).map(([reason]) => (
    <p key={reason}>
      <Said text={reason} word={word} />
    </p>
  ))
}

/** In the reader's language, or else marked as what it is. */
function Said({ text, word }: { text: string; word: Loaded['word'] }) {
  const said = word(text)
  return said === undefined ? <span lang="en">{text}</span> : said
}
