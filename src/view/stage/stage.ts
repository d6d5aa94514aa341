import { draw } from '../paint/draw.ts'
import { group, type Shape } from '../paint/shape.ts'
import type { View } from '../view.ts'
import { cardShapes } from './card.ts'
import { createFlights } from './flights.ts'
import { hookStrip, placeHooks } from './hooks.ts'
import { lanShapes, linkHits, linkNotes, portShapes, railLabels } from './lan.ts'
import { layoutStage, type StageLayout } from './layout.ts'
import type { StageModel, StageOptions } from './model.ts'
import { newsShapes } from './news.ts'
import { packetShapes } from './packet.ts'
import { wayShapes } from './way.ts'

/**
 * The stage: hosts, LAN, the way walked, the packet spoken of, packets in flight. `render` at every step, `seek` with
 * display time in ms. Hosts and flags answer to click, Enter and Space.
 */
export function createStageView(root: SVGGElement, options: StageOptions = {}): View<StageModel> {
  const still = layerIn(root, 'stage-still')
  const packet = layerIn(root, 'stage-packet')
  const moving = layerIn(root, 'stage-flights')
  const flights = createFlights(moving, options.reducedMotion ?? prefersReducedMotion())
  const stopListening = listen(root, options)
  let model: StageModel | undefined
  let at = 0

  const showPacket = (): void => {
    const spoken = model?.packet
    const shown = spoken && at >= (spoken.from ?? -Infinity) && at < (spoken.to ?? Infinity)
    packet.style.display = shown ? '' : 'none'
  }

  return {
    render: (next) => {
      model = next
      const layout = layoutStage(next)
      root.setAttribute('role', 'group')
      root.setAttribute('aria-label', next.ariaLabel)
      draw(still, stillShapes(next, layout))
      draw(packet, next.packet ? packetShapes(layout, next.packet, next) : [])
      flights.render(next.flights, layout)
      showPacket()
      flights.seek(at)
    },
    seek: (ms) => {
      at = ms
      showPacket()
      flights.seek(ms)
    },
    destroy: () => {
      stopListening()
      root.replaceChildren()
    },
  }
}

/** All that stands still in a step, in painting order. Pure: also for print and export. */
export function stillShapes(model: StageModel, layout: StageLayout): Shape[] {
  const strips = model.hosts.flatMap((host): Shape[] => {
    const card = layout.cards.find((c) => c.id === host.id)
    if (!card || !host.hooks || layout.metrics.projector) return []
    const { x, y } = placeHooks(layout, card, host.hooks.length)
    return hookStrip(x, y, host.hooks)
  })
  return [
    group(0, 0, lanShapes(layout), { key: 'lan' }),
    group(0, 0, wayShapes(layout, model.way), { key: 'way' }),
    group(0, 0, railLabels(layout), { key: 'labels' }),
    group(
      0,
      0,
      layout.cards.map((card) => cardShapes(card, layout.metrics)),
      { key: 'hosts' },
    ),
    group(0, 0, portShapes(layout), { key: 'ports' }),
    group(0, 0, linkNotes(withoutNotesUnder(strips.length > 0, model, layout)), { key: 'notes' }),
    group(0, 0, linkHits(layout), { key: 'hits' }),
    group(0, 0, strips, { key: 'hooks' }),
    group(0, 0, newsShapes(layout, model.news), { key: 'news' }),
  ]
}

/** The strip of hooks lies where notes of its host's links would. */
function withoutNotesUnder(strip: boolean, model: StageModel, layout: StageLayout): StageLayout {
  if (!strip) return layout
  const busy = new Set(model.hosts.filter(({ hooks }) => hooks).map(({ id }) => id))
  return { ...layout, links: layout.links.filter(({ host }) => !busy.has(host)) }
}

function layerIn(root: SVGGElement, cls: string): SVGGElement {
  const layer = document.createElementNS('http://www.w3.org/2000/svg', 'g')
  layer.setAttribute('class', cls)
  root.append(layer)
  return layer
}

function prefersReducedMotion(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches
}

/** One listener for all: which host or flag was meant is written on the element. */
function listen(root: SVGGElement, options: StageOptions): () => void {
  const choose = (event: Event): boolean => {
    const target = event.target instanceof Element ? event.target : undefined
    const host = target?.closest<SVGElement>('[data-host]')?.dataset['host']
    const flight = target?.closest<SVGElement>('[data-flight]')?.dataset['flight']
    const [at, dev] = target?.closest<SVGElement>('[data-link]')?.dataset['link']?.split(' ') ?? []
    if (flight !== undefined) options.onSelectFlight?.(flight)
    else if (host !== undefined) options.onSelectHost?.(host)
    else if (at !== undefined && dev !== undefined) options.onLink?.({ host: at, dev })
    return flight !== undefined || host !== undefined || at !== undefined
  }
  const onKey = (event: KeyboardEvent): void => {
    if ((event.key === 'Enter' || event.key === ' ') && choose(event)) event.preventDefault()
  }
  root.addEventListener('click', choose)
  root.addEventListener('keydown', onKey)
  return () => {
    root.removeEventListener('click', choose)
    root.removeEventListener('keydown', onKey)
  }
}
