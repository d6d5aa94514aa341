/**
 * A picture of the page as a file of its own: colours of the theme in place of names, and a style sheet for its fonts. The fonts
 * themselves are not in it; a machine without them sets the texts in its own.
 */
export function standAlone(svg: string): string {
  const style = getComputedStyle(document.documentElement)
  const coloured = svg.replace(
    /var\((--[\w-]+)\)/g,
    (_, name: string) => style.getPropertyValue(name).trim() || '#000',
  )
  const fonts =
    `text{font-family:'Noto Sans','Noto Sans SC',sans-serif;font-feature-settings:'tnum'}` +
    `text.mono{font-family:'JetBrains Mono','Noto Sans SC',monospace}.row-focus{visibility:hidden}`
  return coloured
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace('>', `><style>${fonts}</style>`)
}

/** Twice the size in px, as far as browsers make canvases. */
const SCALE = 2
const MOST_PX = 16_000

export async function pngOf(svg: string): Promise<Uint8Array> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const scale = Math.min(SCALE, MOST_PX / Math.max(image.width, image.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(image.width * scale)
  canvas.height = Math.round(image.height * scale)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((done) => {
    canvas.toBlob(done, 'image/png')
  })
  return new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))
}
