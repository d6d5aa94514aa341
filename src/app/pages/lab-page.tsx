import { useLocation } from 'wouter'
import { LAB_MENU } from '../../content/lab-menu.ts'
import { Bar } from '../panels/bar.tsx'
import { Projector } from '../panels/projector.tsx'
import { Workbench } from '../panels/workbench.tsx'
import { Select } from '../parts/select.tsx'
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
      {projector ? null : (
        <Bar place={[ui.home.lab]} onKeys={onKeys}>
          <LabChoice id={id} title={title} />
        </Bar>
      )}
      <LabFrame session={session}>
        {projector ? <Projector title={title} /> : <Workbench title={title} />}
      </LabFrame>
    </>
  )
}

/** Which of the built-in labs; another one begins anew. */
function LabChoice({ id, title }: { id: string; title: string }) {
  const { ui, lang } = useWords()
  const [, go] = useLocation()
  const menu = LAB_MENU.map((lab) => ({ value: lab.id, label: lab.title[lang] }))
  const options = menu.some(({ value }) => value === id) ? menu : [...menu, { value: id, label: title }]
  return <Select label={ui.home.lab} quiet value={id} options={options} onChoose={(to) => go(`/lab/${to}`)} />
}
