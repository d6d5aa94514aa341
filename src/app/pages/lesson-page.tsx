import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { lessonById } from '../../content/index.ts'
import type { Lesson } from '../../content/lesson.ts'
import { LessonPanel } from '../lesson/lesson-panel.tsx'
import { ProjectorLesson } from '../lesson/projector-lesson.tsx'
import { catchUp } from '../lesson/catch-up.ts'
import { useLesson } from '../lesson/use-lesson.ts'
import { readProgress } from '../lesson/progress.ts'
import { Bar } from '../panels/bar.tsx'
import { Workbench } from '../panels/workbench.tsx'
import { ErrorBox } from '../parts/box.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useScene, useWords } from '../session/context.tsx'
import { LabFrame } from './lab-frame.tsx'
import { useLabSession } from './use-lab-session.ts'

interface Props {
  id: string
  projector: boolean
  onKeys: () => void
}

/** A lesson in its lab. */
export function LessonPage(props: Props) {
  const { ui } = useWords()
  const entry = lessonById(props.id)
  const [lesson, setLesson] = useState<Lesson | undefined>(undefined)
  useEffect(() => {
    void entry?.load().then(setLesson)
  }, [entry])
  if (entry === undefined)
    return (
      <>
        <Bar place={[ui.lesson.label]} onKeys={props.onKeys} />
        <main className="page">
          <ErrorBox title={ui.lesson.unknown} safe={ui.lesson.unknownHow}>
            <Link href="/" className="btn">
              {ui.error.toHome}
            </Link>
          </ErrorBox>
        </main>
      </>
    )
  return lesson === undefined ? (
    <main className="booting">{ui.lesson.loading}</main>
  ) : (
    <LessonInLab lesson={lesson} {...props} />
  )
}

function LessonInLab({ lesson, projector, onKeys }: { lesson: Lesson } & Props) {
  const { ui, lang } = useWords()
  const session = useLabSession(lesson.lab, lesson.seed)
  const title = lesson.title[lang]
  useTitle(title)
  return (
    <>
      {projector ? null : <Bar place={[ui.home.lab, lesson.chapter.title[lang], title]} onKeys={onKeys} />}
      <LabFrame session={session}>
        <CaughtUp lesson={lesson}>{<Player lesson={lesson} projector={projector} />}</CaughtUp>
      </LabFrame>
    </>
  )
}

/** The lab is brought to where the learner had left it, before the lesson shows itself. */
function CaughtUp({ lesson, children }: { lesson: Lesson; children: React.ReactNode }) {
  const { ui } = useWords()
  const { session } = useScene()
  const [ready, setReady] = useState(false)
  useEffect(() => {
    const commands = catchUp(lesson, readProgress(lesson.id)?.step ?? 0)
    const done = commands.length === 0 ? Promise.resolve() : session.exec(commands, { watch: false })
    void done.then(() => setReady(true))
  }, [lesson, session])
  return ready ? children : <main className="booting">{ui.lesson.loading}</main>
}

function Player({ lesson, projector }: { lesson: Lesson; projector: boolean }) {
  const { lang } = useWords()
  const control = useLesson(lesson)
  const { state, step } = control
  if (projector) return <ProjectorLesson control={control} />
  return (
    <Workbench
      title={lesson.title[lang]}
      lesson={<LessonPanel control={control} />}
      knobs={step.knobs ?? []}
      locked={state.phase === 'ask'}
    />
  )
}
