import { createStore } from 'zustand/vanilla'
import { parseCapture, type CaptureFault } from '../../core/wire/pcapng-read.ts'
import { type CapturedFrame, framesOfFile } from './capture.ts'

export interface Opened {
  name: string
  frames: readonly CapturedFrame[]
}

/** A capture file that is looked at beside the run; it goes when the page is left. */
export const opened = createStore<{ file: Opened | undefined; fault: CaptureFault | 'large' | undefined }>()(
  () => ({
    file: undefined,
    fault: undefined,
  }),
)

const MAX_BYTES = 200_000_000

/** Opens a file; one that cannot be read leaves what was open and says why. */
export async function openCapture(file: File): Promise<void> {
  if (file.size > MAX_BYTES) {
    opened.setState({ fault: 'large' })
    return
  }
  const parsed = parseCapture(new Uint8Array(await file.arrayBuffer()))
  if (!parsed.ok) opened.setState({ fault: parsed.error })
  else opened.setState({ file: { name: file.name, frames: framesOfFile(parsed.value) }, fault: undefined })
}

export function closeCapture(): void {
  opened.setState({ file: undefined, fault: undefined })
}
