import type { Study } from '../../engine/study.ts'
import type { HashWords } from '../../i18n/words.ts'
import type { RingArc, RingModel } from '../../view/ecmp/model.ts'
import { arcsOf } from '../../view/ecmp/ring.ts'
import { codesOf, type HashState } from './state.ts'

const SPACE = 2 ** 31

/** The ring of a study. A resilient group's buckets are laid round it; a flow stands in its bucket. */
export function ringModel(
  words: HashWords,
  state: HashState,
  study: Study,
  look: { width: number; height: number; picked: number; format: (n: number) => string },
): RingModel {
  const { format } = look
  const isResilient = state.group === 'resilient'
  const isChanged = state.change !== 'none'
  const gone = typeof state.change === 'number' ? state.change : -1
  const count = state.weights.length
  const later = count + (state.change === 'add' ? 1 : gone >= 0 ? -1 : 0)
  const flows = study.sample.map((flow, i) => ({
    key: String(i),
    hash: isResilient ? placeOf(flow.hash, study.bucketsBefore) : flow.hash,
    before: flow.before,
    after: flow.after,
    fate: flow.fate,
    selected: i === look.picked,
  }))
  const moved = flows.filter(({ fate }) => fate !== 'stays').length
  const needless = flows.filter(({ fate }) => fate === 'needless').length
  const all = format(flows.length)
  return {
    width: look.width,
    height: look.height,
    codes: codesOf(state),
    before: isResilient ? bucketArcs(study.bucketsBefore) : arcsOf(study.boundsBefore),
    after: isChanged ? (isResilient ? bucketArcs(study.bucketsAfter) : arcsOf(study.boundsAfter)) : null,
    gone,
    flows,
    middle: {
      above: isChanged ? [words.outerRing(count), words.innerRing(later)] : [words.oneRing(count)],
      large: isChanged ? words.moved(format(moved), all) : words.nothingChanged(all),
      bold: isChanged ? words.needlessly(needless) : words.chooseChange,
      below: isResilient ? words.resilientSpace : words.space,
    },
    formatBound: isResilient ? () => '' : format,
    ariaLabel: words.ringLabel(format(moved), all),
  }
}

/** Buckets lie round the ring; neighbours of one owner are one part. */
function bucketArcs(owners: readonly number[]): RingArc[] {
  const share = SPACE / owners.length
  const arcs: RingArc[] = []
  owners.forEach((hop, i) => {
    const last = arcs[arcs.length - 1]
    if (last?.hop === hop) last.to = (i + 1) * share
    else arcs.push({ hop, from: i * share, to: (i + 1) * share })
  })
  return arcs
}

function placeOf(hash: number, owners: readonly number[]): number {
  const share = SPACE / owners.length
  const within = (hash / SPACE) * 0.6 + 0.2
  return Math.floor(((hash % owners.length) + within) * share)
}
