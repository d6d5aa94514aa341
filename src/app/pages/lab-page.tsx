import { Bar } from '../panels/bar.tsx'
import { Projector } from '../panels/projector.tsx'
import { Workbench } from '../panels/workbench.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useWords } from '../session/context.tsx'
import { LabFrame } from './lab-frame.tsx'
import { useLabSession } from './use-lab-session.ts'

/** The free lab. */
export function LabPage({ id, projector, onKeys }: { id: string; projector: boolean; onKeys: () => void }) {
  const { ui, lang } = useWords()
  const session = useLabSession(id)
  const title = session === 'unknown' ? ui.home.lab : session.lab.title[lang]
  useTitle(title)
  return (
    <>
      {projector ? null : <Bar place={[ui.home.lab, title]} onKeys={onKeys} />}
      <LabFrame session={session}>
        {projector ? <Projector title={title} /> : <Workbench title={title} />}
      </LabFrame>
    </>
  )
}
