import { useEffect } from 'react'
import { tinykeys } from 'tinykeys'

/** `?` opens the list of keys, wherever one does not type. */
export function useHelpKey(open: () => void): void {
  useEffect(
    () =>
      tinykeys(window, {
        'Shift+?': (event) => {
          const typing =
            event.target instanceof Element &&
            event.target.closest('input, textarea, select, dialog, [contenteditable=true]')
          if (!typing) open()
        },
      }),
    [open],
  )
}
