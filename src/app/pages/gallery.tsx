import { useEffect, useRef } from 'react'

/** Every part of the visual language on one page, for those who build it. */
export function Gallery() {
  const root = useRef<HTMLElement>(null)
  useEffect(() => {
    let close: (() => void) | undefined
    void import('../../view/gallery.ts').then(({ mountGallery }) => {
      if (root.current) close = mountGallery(root.current)
    })
    return () => close?.()
  }, [])
  return <main className="gallery" ref={root} />
}
