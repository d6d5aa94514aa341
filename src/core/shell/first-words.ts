import type { Item, Node, Word } from './syntax.ts'

/** Names of the commands that a parsed line runs, as far as they are written in it; a name made by an expansion is ''. */
export function firstWords(items: readonly Item[]): string[] {
  return items.flatMap(({ node }) => ofNode(node))
}

function ofNode(node: Node): string[] {
  switch (node.kind) {
    case 'simple':
      return node.words.slice(0, 1).map(textOf)
    case 'pipeline':
      return node.stages.flatMap((stage) => ofNode(stage.node))
    case 'if':
      return [
        ...node.arms.flatMap(({ condition, body }) => firstWords([...condition, ...body])),
        ...firstWords(node.otherwise ?? []),
      ]
    case 'while':
      return firstWords([...node.condition, ...node.body])
    default:
      return firstWords(node.body)
  }
}

function textOf(word: Word): string {
  return word.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')
}
