import { finish } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { course } from '../core/lab/labs/course.ts'
import type { Timeline, TimelineOptions } from '../core/sim/timeline.ts'
import { loadShell } from '../core/shell/module.ts'

await loadShell()

/** The course lab, booted, at once. */
export function bootCourse(options: TimelineOptions): Timeline {
  const { timeline, boot } = startLab(course, options)
  finish(timeline, boot)
  return timeline
}

/** One request from the router to the virtual address, to its very end. */
export function exchange(timeline: Timeline): void {
  const pid = timeline.spawn('router', ['curl', '-s', '-o', '/dev/null', 'http://172.16.253.100:8080'])
  if (!pid.ok) throw new Error(pid.error)
  timeline.run({ exit: { host: 'router', pid: pid.value } })
  timeline.run({ idle: true })
}
