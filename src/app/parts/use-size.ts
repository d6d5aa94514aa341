import { type RefObject, useEffect, useState } from 'react'

/** Size of an element in whole px, followed while it changes. 0 x 0 before it is laid out. */
export function useSize(root: RefObject<Element | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (root.current === null) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return
      const width = Math.floor(entry.contentRect.width)
      const height = Math.floor(entry.contentRect.height)
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }))
    })
    observer.observe(root.current)
    return () => observer.disconnect()
  }, [root])
  return size
}
