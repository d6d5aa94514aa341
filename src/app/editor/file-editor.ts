import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching } from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'
import type { Problem } from './checks.ts'

export interface FileEditorOptions {
  label: string
  readOnly?: boolean
  onChange?: (text: string) => void
  onSave?: () => void
}

export interface FileEditor {
  /** Show a text; the same one leaves cursor and undo alone. */
  setText: (text: string) => void
  /** Lines that differ from the other side, and lines with a fault. */
  mark: (lines: readonly number[], problems: readonly Problem[]) => void
  focus: () => void
  destroy: () => void
}

/** Comments, strings, numbers and first words: enough for nginx, FRR, keepalived and sysctl files alike. */
const WORDS = /(#.*|^\s*!.*)|("[^"\n]*"|'[^'\n]*')|(\b\d+(?:\.\d+){3}(?:\/\d+)?(?::\d+)?\b)|(^\s*[\w.-]+)/gm

const matcher = new MatchDecorator({
  regexp: WORDS,
  decoration: ([, comment, text, address]) =>
    Decoration.mark({
      class: comment ? 'cm-comment' : text ? 'cm-text' : address ? 'cm-address' : 'cm-word',
    }),
})

const highlighting = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view)
    }
    update(update: ViewUpdate): void {
      this.decorations = matcher.updateDeco(update, this.decorations)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)

const setMarks = StateEffect.define<{ lines: readonly number[]; problems: readonly Problem[] }>()

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (old, transaction) => {
    let now = old.map(transaction.changes)
    for (const effect of transaction.effects)
      if (effect.is(setMarks)) now = decorate(transaction.state, effect.value)
    return now
  },
  provide: (field) => EditorView.decorations.from(field),
})

function decorate(
  state: EditorState,
  { lines, problems }: { lines: readonly number[]; problems: readonly Problem[] },
): DecorationSet {
  const found = new Map<number, string>()
  for (const line of lines) found.set(line, 'cm-differs')
  for (const { line } of problems) if (line > 0) found.set(line, `${found.get(line) ?? ''} cm-fault`.trim())
  const builder = new RangeSetBuilder<Decoration>()
  for (const [line, name] of [...found].sort(([a], [b]) => a - b)) {
    if (line > state.doc.lines) continue
    const at = state.doc.line(line).from
    const titles = problems.filter((problem) => problem.line === line).map(({ text }) => text)
    const attributes = titles.length > 0 ? { attributes: { title: titles.join('\n') } } : {}
    builder.add(at, at, Decoration.line({ class: name, ...attributes }))
  }
  return builder.finish()
}

/** A text editor for configuration files. Esc and then Tab leave it; Tab alone indents. */
export function createFileEditor(root: HTMLElement, options: FileEditorOptions): FileEditor {
  const saving = keymap.of([
    {
      key: 'Mod-s',
      run: () => {
        options.onSave?.()
        return true
      },
    },
  ])
  const view = new EditorView({
    parent: root,
    state: EditorState.create({
      extensions: [
        ...[saving, lineNumbers(), history(), drawSelection(), bracketMatching(), highlighting, marks],
        ...[search({ top: true }), highlightSelectionMatches(), EditorView.lineWrapping],
        keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorState.readOnly.of(options.readOnly ?? false),
        options.readOnly === true ? [] : highlightActiveLine(),
        EditorView.contentAttributes.of({ 'aria-label': options.label, spellcheck: 'false' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange?.(update.state.doc.toString())
        }),
      ],
    }),
  })
  return {
    setText: (text) => {
      const now = view.state.doc.toString()
      if (now !== text) view.dispatch({ changes: { from: 0, to: now.length, insert: text } })
    },
    mark: (lines, problems) => {
      view.dispatch({ effects: setMarks.of({ lines, problems }) })
    },
    focus: () => {
      view.focus()
    },
    destroy: () => {
      view.destroy()
    },
  }
}
