import { noteSentence } from '../../i18n/note-sentence.ts'
import { textOf } from '../../i18n/text-of.ts'
import { useK, usePlaying, useScene, useWords } from '../session/context.tsx'

/** Says each step to screen readers; quiet while playing. */
export function LiveRegion() {
  const words = useWords()
  const { session } = useScene()
  const k = useK()
  const playing = usePlaying()
  const record = k > session.run.bootRecord ? session.run.records[k] : undefined
  return (
    <p className="sr" role="status">
      {playing || record === undefined ? '' : `${record.host}: ${textOf(noteSentence(words, record))}`}
    </p>
  )
}
