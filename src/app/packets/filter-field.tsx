import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { completeDisplayFilter, type Completion } from '../../core/wire/display-filter/complete.ts'
import type { FilterProblem } from '../../core/wire/display-filter/tokens.ts'
import type { Ui } from '../../i18n/words.ts'
import { useWords } from '../session/context.tsx'

interface Props {
  text: string
  onChange: (text: string) => void
  problem: FilterProblem | undefined
}

/**
 * Where a display filter is typed. Suggestions come while typing: arrows choose one, Tab or Enter takes it. What is wrong
 * is said under the field and underlined in it.
 */
export function FilterField({ text, onChange, problem }: Props) {
  const { ui } = useWords()
  const id = useId()
  const { field, options, chosen, open, take, onKey, onType, setCaret, setOpen } = useSuggestions(
    text,
    onChange,
  )
  return (
    <span className="filter-field">
      <input
        ref={field}
        id="packet-filter"
        type="search"
        role="combobox"
        aria-label={ui.packets.filter}
        aria-expanded={options.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={options[chosen] === undefined ? undefined : `${id}-${chosen}`}
        aria-invalid={problem !== undefined && !open}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        placeholder={ui.packets.filterHint}
        title={ui.packets.filterHow}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={text}
        onChange={(event) => onType(event.target.value, event.target.selectionStart)}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
      />
      <Suggestions id={id} options={options} chosen={chosen} onTake={take} />
      {problem === undefined || options.length > 0 ? null : (
        <ProblemText id={`${id}-problem`} text={text} problem={problem} ui={ui} />
      )}
    </span>
  )
}

/** What could stand at the caret, and the keys that choose from it. */
function useSuggestions(text: string, onChange: (text: string) => void) {
  const field = useRef<HTMLInputElement>(null)
  const [caret, setCaret] = useState(0)
  const [chosen, setChosen] = useState(-1)
  const [open, setOpen] = useState(false)
  const found = completeDisplayFilter(text, Math.min(caret, text.length))
  const isDone = found.options.length === 1 && found.options[0]?.text === text.slice(found.from, found.to)
  const options = open && !isDone ? found.options : []

  function take(option: string): void {
    const after = text.slice(found.to)
    const put = `${option}${after.startsWith(' ') ? '' : ' '}`
    onChange(text.slice(0, found.from) + put + after)
    const place = found.from + put.length
    setCaret(place)
    setChosen(-1)
    requestAnimationFrame(() => field.current?.setSelectionRange(place, place))
  }

  function onKey(event: KeyboardEvent<HTMLInputElement>): void {
    const option = options[chosen]?.text
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      setOpen(true)
      setChosen(placeAfter(chosen, step, options.length))
    } else if ((event.key === 'Enter' || event.key === 'Tab') && option !== undefined) take(option)
    else if (event.key === 'Enter' || (event.key === 'Escape' && options.length > 0)) setOpen(false)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function onType(typed: string, at: number | null): void {
    onChange(typed)
    setCaret(at ?? typed.length)
    setChosen(-1)
    setOpen(true)
  }

  return { field, options, chosen, open, take, onKey, onType, setCaret, setOpen }
}

/** Round and round; from none to the first or the last. */
function placeAfter(chosen: number, step: number, count: number): number {
  if (count === 0) return -1
  return chosen < 0 ? (step > 0 ? 0 : count - 1) : (chosen + step + count) % count
}

function Suggestions(props: {
  id: string
  options: Completion['options']
  chosen: number
  onTake: (option: string) => void
}) {
  const { id, options, chosen, onTake } = props
  const { ui } = useWords()
  if (options.length === 0) return null
  return (
    <ul className="suggestions" role="listbox" id={`${id}-list`} aria-label={ui.packets.suggestions}>
      {options.map((option, i) => (
        <li
          key={option.text}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === chosen}
          onMouseDown={(event) => {
            event.preventDefault()
            onTake(option.text)
          }}
        >
          <b>{option.text}</b> <span className="muted">{option.type}</span>
        </li>
      ))}
    </ul>
  )
}

/** The filter as typed with the place underlined, what is wrong with it, and what would fit. */
function ProblemText({
  id,
  text,
  problem,
  ui,
}: {
  id: string
  text: string
  problem: FilterProblem
  ui: Ui
}) {
  const { at, length, code, word, hint } = problem
  const end = at + Math.max(1, length)
  return (
    <span className="filter-problem" role="status" id={id}>
      <code aria-hidden="true">
        {text.slice(0, at)}
        <u>{text.slice(at, end) === '' ? '\u00a0' : text.slice(at, end)}</u>
        {text.slice(end)}
      </code>
      <span>{ui.packets.problem(ui.packets.problems[code], word, at + 1)}</span>
      {hint === undefined || hint === '' ? null : <span className="muted">{ui.packets.near(hint)}</span>}
    </span>
  )
}
