import { Link } from 'wouter'
import type { Lesson } from '../../content/lesson.ts'
import type { Progress } from '../lesson/progress.ts'
import { Plate } from '../parts/plate.tsx'
import { StateCircle } from '../parts/state-circle.tsx'
import { useWords } from '../session/context.tsx'
import { LessonPicture } from './lesson-picture.tsx'

/** The course as a map: one branch per chapter that there is, the free lab last. Later chapters are not announced. */
export function MindMap({
  lessons,
  progressOf,
}: {
  lessons: readonly Lesson[]
  progressOf: (lesson: Lesson) => Progress | undefined
}) {
  const { ui, lang } = useWords()
  const chapters = chaptersOf(lessons, lang)
  return (
    <div className="map">
      <p className="map-root">
        {ui.home.root.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </p>
      <ul className="map-branches">
        {chapters.map(({ title, number, list }) => (
          <li key={title}>
            <p className="map-chapter">
              <strong>{title}</strong>
              <Squares states={list.map((lesson) => stateOf(progressOf(lesson)))} />
              <span>{ui.home.chapters[number]}</span>
            </p>
            <ul>
              {list.map((lesson) => (
                <li key={lesson.id}>
                  <LessonRow lesson={lesson} progress={progressOf(lesson)} />
                </li>
              ))}
            </ul>
          </li>
        ))}
        <LabBranch />
      </ul>
    </div>
  )
}

/** The last branch: what there is to do without a lesson. */
function LabBranch() {
  const { ui } = useWords()
  return (
    <li>
      <p className="map-chapter">
        <strong>{ui.home.theLab}</strong>
        <span>{ui.home.theLabText}</span>
      </p>
      <ul>
        <li>
          <Link href="/challenges" className="map-row">
            <StateCircle state="none" />
            <span className="map-title">{ui.challenge.title}</span>
            <span className="map-see" />
            <span className="muted">{ui.challenge.homeShort}</span>
          </Link>
        </li>
        <li>
          <Link href="/lab/course" className="map-row">
            <StateCircle state="none" />
            <span className="map-title">{ui.home.openLab}</span>
            <span className="map-see">
              {['R', 'L1', 'L2', 'S1', 'S2', 'V'].map((code) => (
                <Plate key={code} code={code} size="list" />
              ))}
            </span>
            <span className="muted">{ui.home.free}</span>
          </Link>
        </li>
      </ul>
    </li>
  )
}

function LessonRow({ lesson, progress }: { lesson: Lesson; progress: Progress | undefined }) {
  const { ui, lang } = useWords()
  const state = stateOf(progress)
  const asks = lesson.steps.filter((step) => step.ask !== undefined).length
  const todo =
    state === 'done'
      ? ui.home.done
      : state === 'half'
        ? ui.home.stepOf((progress?.step ?? 0) + 1, lesson.steps.length)
        : ui.home.predictions(asks)
  return (
    <Link href={`/lesson/${lesson.id}`} className="map-row">
      <StateCircle state={state} />
      <span className="map-title">{lesson.title[lang]}</span>
      <span className="map-see" aria-hidden="true">
        <LessonPicture id={lesson.id} />
      </span>
      <span className="muted">{todo}</span>
    </Link>
  )
}

/** One square per lesson: filled when done, half when begun. The rows say the same in words. */
function Squares({ states }: { states: readonly State[] }) {
  return (
    <span className="map-squares" aria-hidden="true">
      {states.map((state, i) => (
        <i key={i} className={state} />
      ))}
    </span>
  )
}

type State = 'done' | 'half' | 'none'

function stateOf(progress: Progress | undefined): State {
  return progress?.finished ? 'done' : progress !== undefined && progress.step > 0 ? 'half' : 'none'
}

interface Chapter {
  title: string
  number: number
  list: Lesson[]
}

function chaptersOf(lessons: readonly Lesson[], lang: 'en' | 'zh'): Chapter[] {
  const chapters: Chapter[] = []
  for (const lesson of lessons) {
    const { number } = lesson.chapter
    const chapter = chapters.find((one) => one.number === number)
    if (chapter) chapter.list.push(lesson)
    else chapters.push({ title: lesson.chapter.title[lang], number, list: [lesson] })
  }
  return chapters
}
