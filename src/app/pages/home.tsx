import { Link } from 'wouter'
import type { Lesson } from '../../content/lesson.ts'
import { Plate } from '../parts/plate.tsx'
import { keep } from '../prefs/storage.ts'
import { type Progress, readProgress } from '../lesson/progress.ts'
import { useTitle } from '../parts/use-title.ts'
import { useWords } from '../session/context.tsx'
import { MindMap } from './mind-map.tsx'
import { useLessons } from './use-lessons.ts'

/** The way in: where to begin or go on, and the map of what there is. */
export function Home() {
  const { ui } = useWords()
  useTitle('')
  const lessons = useLessons()
  const first = lessons && nextOf(lessons)
  const done = lessons?.filter(({ id }) => readProgress(id)?.finished === true).length ?? 0
  const [before, after] = ui.home.lead.split('{V}')
  return (
    <main className="home" id="stage" tabIndex={-1}>
      <section className="home-side">
        <h1>{ui.home.title}</h1>
        <p className="lead">
          {before}
          <Plate code="V" />
          {after}
        </p>
        {first === undefined ? null : <Begin lesson={first} />}
        <Links />
        <p className="small home-kept">
          {done > 0 && lessons ? ui.home.lessonsDone(done, lessons.length) : ''} {ui.home.kept}
        </p>
      </section>
      <section className="home-map">
        {lessons === undefined ? null : (
          <MindMap lessons={lessons} progressOf={(lesson) => readProgress(lesson.id)} />
        )}
      </section>
    </main>
  )
}

/** Places besides the lessons. */
function Links() {
  const { ui } = useWords()
  return (
    <ul className="home-links">
      <li>
        <Link href="/lab/course">
          <strong>{ui.home.lab}</strong>
          <span>{ui.home.labText}</span>
        </Link>
      </li>
      <li>
        <Link href="/challenges">
          <strong>{ui.challenge.title}</strong>
          <span>{ui.challenge.homeText}</span>
        </Link>
      </li>
      <li>
        <Link href="/compare">
          <strong>{ui.home.compare}</strong>
          <span>{ui.home.compareText}</span>
        </Link>
      </li>
      <li>
        <Link href="/hash">
          <strong>{ui.home.hash}</strong>
          <span>{ui.home.hashText}</span>
        </Link>
      </li>
      <li>
        <Link href="/glossary">
          <strong>{ui.home.glossary}</strong>
          <span>{ui.home.glossaryText}</span>
        </Link>
      </li>
      <li>
        <Link href="/about">
          <strong>{ui.home.about}</strong>
          <span>{ui.home.aboutText}</span>
        </Link>
      </li>
    </ul>
  )
}

/** The lesson that was begun and left, else the first that is not done, else the first of all. */
function nextOf(lessons: readonly Lesson[]): Lesson | undefined {
  const open = lessons.filter(({ id }) => readProgress(id)?.finished !== true)
  return open.find(({ id }) => (readProgress(id)?.step ?? 0) > 0) ?? open[0] ?? lessons[0]
}

function Begin({ lesson }: { lesson: Lesson }) {
  const { ui, lang } = useWords()
  const progress: Progress | undefined = readProgress(lesson.id)
  const begun = progress !== undefined && progress.step > 0 && !progress.finished
  const href = `/lesson/${lesson.id}`
  const forget = (): void => keep(`lesson.${lesson.id}`, undefined)
  return (
    <div className="begin">
      <p className="small">{begun ? ui.home.goOnWhere : ui.home.beginHere}</p>
      <p className="begin-title">{lesson.title[lang]}</p>
      <p className="muted">
        {begun ? ui.home.stepOf(progress.step + 1, lesson.steps.length) : lesson.summary[lang]}
      </p>
      <div className="acts">
        <Link href={href} className="btn main tall" {...(begun ? {} : { onClick: forget })}>
          {begun ? ui.home.goOn : ui.home.start}
        </Link>
        {begun ? (
          <Link href={href} className="btn tall" onClick={forget}>
            {ui.home.fromStart}
          </Link>
        ) : null}
      </div>
    </div>
  )
}
