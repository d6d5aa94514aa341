import { useEffect } from 'react'
import { useWords } from '../session/context.tsx'

/** The window's title: where we are, then the name. */
export function useTitle(place: string): void {
  const { ui } = useWords()
  useEffect(() => {
    document.title = place === '' ? ui.name : `${place} · ${ui.name}`
  }, [place, ui])
}
