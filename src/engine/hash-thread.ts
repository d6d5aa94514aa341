import { answerStudy, type StudyQuestion } from './study.ts'

/** The entry of the worker that hashes many flows, so that the page stays free meanwhile. */
const scope = self as unknown as {
  postMessage: (message: unknown) => void
  onmessage: ((event: MessageEvent<{ id: number; question: StudyQuestion }>) => void) | null
}
scope.onmessage = ({ data: { id, question } }) => {
  scope.postMessage({ id, answer: answerStudy(question) })
}
