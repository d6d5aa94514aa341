/**
 * A framework-free picture. React (or a test) owns the root element; the view owns what is inside it.
 * `render` takes a new model; `seek` moves what depends on time and nothing else. Time is display time in ms
 * (see timeline/display-time.ts); views without motion ignore it.
 */
export interface View<Model> {
  render: (model: Model) => void
  seek: (atMs: number) => void
  destroy: () => void
}
