export { createWorkerEngine, type WorkerLike } from './client.ts'
export type * from './engine.ts'
