import { must } from '../base/assert.ts'
import type { Host } from '../kernel/host.ts'
import { cloneWorld, type World } from './world.ts'

/**
 * Clones of the world along a run, for going back. One every `every` events; when there are more than `limit`, every
 * other one is dropped and the distance doubles, so that memory stays bounded. A world with thousands of connections takes
 * as long to clone as hundreds of events to replay: for eight timers, the distance grows by one event, for a program by two.
 */
export interface Checkpoints {
  every: number
  limit: number
  /** State number at which the next one is due. */
  dueAt: number
  /** Ascending by events; the first is the beginning. Never mutated: clone before running on. */
  worlds: World[]
}

export function createCheckpoints(start: World, every: number, limit: number): Checkpoints {
  return { every, limit, dueAt: start.events + every, worlds: [start] }
}

/** Keep a clone of `world` if the last one is far enough behind. */
export function keepCheckpoint(points: Checkpoints, world: World, cloneHost: (host: Host) => Host): void {
  if (world.events < points.dueAt) return
  points.worlds.push(cloneWorld(world, cloneHost))
  if (points.worlds.length > points.limit) {
    points.worlds = points.worlds.filter((_, i) => i % 2 === 0)
    points.every *= 2
  }
  points.dueAt = world.events + points.every + costOf(world)
}

/** In events. */
function costOf(world: World): number {
  let timers = 0
  let programs = 0
  for (const host of Object.values(world.hosts)) {
    timers += Object.keys(host.timers).length
    programs += Object.keys(host.procs).length
  }
  return (timers >> 3) + 2 * programs
}

/** The last checkpoint that is not after state number `event`. */
export function checkpointBefore(points: Checkpoints, event: number): World {
  let low = 0
  let high = points.worlds.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (must(points.worlds[middle], 'checkpoint').events <= event) low = middle
    else high = middle - 1
  }
  return must(points.worlds[low], 'a checkpoint of the beginning')
}

/** The checkpoints a branch that leaves at state number `event` has in common with its parent. */
export function forkCheckpoints(points: Checkpoints, event: number): Checkpoints {
  const worlds = points.worlds.filter((world, i) => i === 0 || world.events <= event)
  return { ...points, worlds, dueAt: event + points.every }
}
