import { Link } from 'wouter'
import type { Lesson } from '../../content/lesson.ts'
import type { Progress } from '../lesson/progress.ts'
import { Plate } from '../parts/plate.tsx'
import { StateCircle } from '../parts/state-circle.tsx'
import { useWords } from '../session/context.tsx'

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
        {chapters.map(({ title, list }) => (
          <li key={title}>
            <p className="map-chapter">
              <strong>{title}</strong>
              <span>{ui.home.ecmp}</span>
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
        <li>
          <p className="map-chapter">
            <strong>{ui.home.theLab}</strong>
            <span>{ui.home.theLabText}</span>
          </p>
          <ul>
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
      </ul>
    </div>
  )
}

function LessonRow({ lesson, progress }: { lesson: Lesson; progress: Progress | undefined }) {
  const { ui, lang } = useWords()
  const state = progress?.finished ? 'done' : progress !== undefined && progress.step > 0 ? 'half' : 'none'
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
        <HashPicture />
      </span>
      <span className="muted">{todo}</span>
    </Link>
  )
}

/** Flows as dots over the hash space of two next hops. */
function HashPicture() {
  const dots = [0.1, 0.2, 0.34, 0.56, 0.72, 0.9]
  return (
    <svg width="134" height="22">
      {dots.map((at) => (
        <circle key={at} cx={at * 132} cy={6} r={3} fill={at < 0.5 ? 'var(--L1)' : 'var(--L2)'} />
      ))}
      <rect x={0} y={13} width={66} height={6} fill="var(--L1)" />
      <rect x={67} y={13} width={66} height={6} fill="var(--L2)" />
    </svg>
  )
}

function chaptersOf(lessons: readonly Lesson[], lang: 'en' | 'zh'): { title: string; list: Lesson[] }[] {
  const chapters: { title: string; list: Lesson[] }[] = []
  for (const lesson of lessons) {
    const title = lesson.chapter.title[lang]
    const chapter = chapters.find((one) => one.title === title)
    if (chapter) chapter.list.push(lesson)
    else chapters.push({ title, list: [lesson] })
  }
  return chapters
}
