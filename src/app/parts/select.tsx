/** A native choice list in the page's look: the browser brings keyboard, touch and screen-reader use. */
export function Select<T extends string | number>(props: {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChoose: (value: T) => void
  quiet?: boolean
  className?: string
}) {
  const { label, value, options, onChoose, quiet = false, className = '' } = props
  return (
    <select
      className={`select ${quiet ? 'quiet' : ''} ${className}`}
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => {
        const option = options.find((one) => String(one.value) === event.target.value)
        if (option) onChoose(option.value)
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
