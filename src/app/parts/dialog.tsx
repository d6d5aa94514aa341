import { type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../session/context.tsx'

/** A layer that floats above the page and takes the focus until it is closed. */
export function Dialog(props: { open: boolean; title: string; onClose: () => void; children: ReactNode }) {
  const { open, title, onClose, children } = props
  const { ui } = useWords()
  const root = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = root.current
    if (open && dialog?.open === false) dialog.showModal()
    if (!open && dialog?.open === true) dialog.close()
  }, [open])
  return (
    <dialog ref={root} aria-label={title} onClose={onClose} onCancel={onClose}>
      {open ? (
        <>
          <div className="dialog-head">
            <h2>{title}</h2>
            <button type="button" className="btn quiet" onClick={onClose}>
              {ui.common.close}
            </button>
          </div>
          {children}
        </>
      ) : null}
    </dialog>
  )
}
