/** Hand a text or bytes to the browser as a file. */
export function saveFile(name: string, type: string, data: string | Uint8Array): void {
  const url = URL.createObjectURL(
    new Blob([typeof data === 'string' ? data : new Uint8Array(data)], { type }),
  )
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
