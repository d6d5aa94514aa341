import {
  explainFlow,
  type FlowStudy,
  runSpray,
  runStudy,
  runTiers,
  type Study,
  type StudySpec,
} from '../core/sim/hash-study.ts'

export type { Fate, FlowStudy, Study, StudyFlow, StudySpec } from '../core/sim/hash-study.ts'

/** What can be asked about the hash, and what comes back; plain data both ways. */
interface Studies {
  study: [spec: StudySpec, answer: Study]
  flow: [spec: Parameters<typeof explainFlow>[0], answer: FlowStudy]
  tiers: [spec: Parameters<typeof runTiers>[0], answer: number[][]]
  spray: [spec: Parameters<typeof runSpray>[0], answer: number[][]]
}

export type StudyQuestion = { [K in keyof Studies]: { kind: K; spec: Studies[K][0] } }[keyof Studies]

export function answerStudy(question: StudyQuestion): unknown {
  switch (question.kind) {
    case 'study':
      return runStudy(question.spec)
    case 'flow':
      return explainFlow(question.spec)
    case 'tiers':
      return runTiers(question.spec)
    case 'spray':
      return runSpray(question.spec)
  }
}

/** Asks one after the other; each answer belongs to its question. */
export interface StudyClient {
  ask: <K extends keyof Studies>(kind: K, spec: Studies[K][0]) => Promise<Studies[K][1]>
  dispose: () => void
}

interface WorkerLike {
  postMessage: (message: unknown) => void
  onmessage: ((event: MessageEvent<{ id: number; answer: unknown }>) => void) | null
  terminate: () => void
}

export function createStudyClient(worker: WorkerLike): StudyClient {
  const waiting = new Map<number, (answer: unknown) => void>()
  let next = 0
  worker.onmessage = ({ data: { id, answer } }) => {
    waiting.get(id)?.(answer)
    waiting.delete(id)
  }
  return {
    ask: (kind, spec) =>
      new Promise((resolve) => {
        const id = next++
        waiting.set(id, resolve as (answer: unknown) => void)
        worker.postMessage({ id, question: { kind, spec } })
      }),
    dispose: () => {
      worker.terminate()
    },
  }
}
