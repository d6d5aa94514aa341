import { useEffect, useRef, type RefObject } from 'react'
import type { View } from '../../view/view.ts'
import type { PlayheadStore } from '../session/playhead.ts'

/**
 * React owns the element and its lifetime; the view owns what is inside. Playhead ticks go straight to the view, never
 * through a render. `create` must keep its identity: a new one makes a new view.
 */
export function useView<Root extends Element, Model>(
  create: (root: Root) => View<Model>,
  model: Model,
  playhead?: PlayheadStore,
): RefObject<Root | null> {
  const root = useRef<Root>(null)
  const view = useRef<View<Model> | null>(null)
  useEffect(() => {
    if (root.current === null) return
    view.current = create(root.current)
    const stop = playhead?.subscribe(({ at }) => view.current?.seek(at))
    return () => {
      stop?.()
      view.current?.destroy()
      view.current = null
    }
  }, [create, playhead])
  useEffect(() => {
    view.current?.render(model)
    if (playhead) view.current?.seek(playhead.getState().at)
  }, [create, model, playhead])
  return root
}
