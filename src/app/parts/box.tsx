import type { ReactNode } from 'react'

/** Nothing there yet: what is missing, how to get it, one button. */
export function EmptyBox({ title, how, children }: { title: string; how: string; children?: ReactNode }) {
  return (
    <div className="box empty">
      <p className="box-title">{title}</p>
      <p className="box-how">{how}</p>
      {children}
    </div>
  )
}

/** Something failed: what happened, what is unharmed, one button. */
export function ErrorBox({
  title,
  safe,
  detail,
  children,
}: {
  title: string
  safe: string
  detail?: string
  children?: ReactNode
}) {
  return (
    <div className="box error" role="alert">
      <p className="box-title">
        <span className="stamp" aria-hidden="true" /> {title}
      </p>
      {detail === undefined || detail === '' ? null : <p className="box-detail">{detail}</p>}
      <p className="box-how">{safe}</p>
      {children}
    </div>
  )
}
