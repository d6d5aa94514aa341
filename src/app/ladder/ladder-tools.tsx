import { ladderMarkup } from '../../view/ladder/ladder.ts'
import { Plate } from '../parts/plate.tsx'
import { saveFile } from '../parts/save-file.ts'
import { Segmented } from '../parts/segmented.tsx'
import { Select } from '../parts/select.tsx'
import { useScene, useWords } from '../session/context.tsx'
import { pngOf, standAlone } from './export-picture.ts'
import type { Flow } from './flows.ts'
import type { LadderContent } from './use-ladder.ts'

interface Props {
  flows: readonly Flow[]
  flow: number
  hidden: readonly string[]
  everyHost: boolean
  timed: boolean
  asTable: boolean
  content: LadderContent
  onFlow: (flow: number) => void
  onEveryHost: (on: boolean) => void
  onTimed: (on: boolean) => void
  onTable: (on: boolean) => void
  onZoom: (by: number) => void
}

/** What the ladder shows and how, the legend of its bars, and its export. */
export function LadderTools(props: Props) {
  const { ui } = useWords()
  const words = ui.ladder
  return (
    <div className="ladder-tools">
      <Select
        label={words.flow}
        quiet
        value={props.flow}
        options={[
          { value: -1, label: words.allFlows },
          ...props.flows.map(({ number, name }) => ({
            value: number,
            label: words.flowName(number, name.from, name.to),
          })),
        ]}
        onChoose={props.onFlow}
      />
      <Segmented
        label={words.rows}
        value={props.timed ? 'timed' : 'equal'}
        segments={[
          { value: 'equal', label: words.equal },
          { value: 'timed', label: words.timed },
        ]}
        onChoose={(value) => props.onTimed(value === 'timed')}
      />
      <ZoomButtons onZoom={props.onZoom} />
      <HiddenHosts {...props} />
      <button
        type="button"
        className="btn quiet"
        aria-pressed={props.asTable}
        onClick={() => props.onTable(!props.asTable)}
      >
        {words.table}
      </button>
      <ExportButtons content={props.content} />
      <Legend />
    </div>
  )
}

function ZoomButtons({ onZoom }: Pick<Props, 'onZoom'>) {
  const words = useWords().ui.ladder
  return (
    <>
      <button
        type="button"
        className="btn square"
        aria-label={words.zoomOut}
        title={words.zoomOut}
        onClick={() => onZoom(-1)}
      >
        −
      </button>
      <button
        type="button"
        className="btn square"
        aria-label={words.zoomIn}
        title={words.zoomIn}
        onClick={() => onZoom(1)}
      >
        +
      </button>
    </>
  )
}

/** What the bars of the columns mean. */
function Legend() {
  const words = useWords().ui.ladder
  return (
    <span className="ladder-legend small">
      {(['established', 'changing', 'none'] as const).map((phase) => (
        <span key={phase}>
          <i className={`bar ${phase}`} />
          {words[phase]}
        </span>
      ))}
    </span>
  )
}

function HiddenHosts({ hidden, everyHost, onEveryHost }: Props) {
  const { ui } = useWords()
  const { owners } = useScene()
  if (hidden.length === 0) return null
  return (
    <button
      type="button"
      className="btn quiet"
      aria-pressed={everyHost}
      onClick={() => onEveryHost(!everyHost)}
    >
      {hidden.map((host) => (
        <Plate key={host} code={owners.codeOf(host)} />
      ))}
      {everyHost ? ui.ladder.shown : ui.ladder.hidden(hidden.length)}
    </button>
  )
}

/** More rows than this make a picture that nothing shows. */
const EXPORT_ROWS = 600

function ExportButtons({ content }: { content: LadderContent }) {
  const { ui } = useWords()
  const { session } = useScene()
  const { frames, layout } = content
  const picture = (): string => {
    const model = { ...content, height: layout.height, top: 0, focused: -1, current: -1, idPrefix: 'frame' }
    return standAlone(ladderMarkup({ ...model, passed: Infinity }, ui.ladder.label))
  }
  const name = `${session.lab.id}-ladder`
  const blocked = frames.length === 0 || frames.length > EXPORT_ROWS
  return (
    <>
      <button
        type="button"
        className="btn quiet"
        disabled={blocked}
        onClick={() => saveFile(`${name}.svg`, 'image/svg+xml', picture())}
      >
        {ui.ladder.save}
      </button>
      <button
        type="button"
        className="btn quiet"
        disabled={blocked}
        onClick={() => void pngOf(picture()).then((bytes) => saveFile(`${name}.png`, 'image/png', bytes))}
      >
        {ui.ladder.savePng}
      </button>
    </>
  )
}
