import ts from 'typescript'
import { listFiles, parseSource, readText } from './sources.ts'

const SHOWN = ['src/app', 'src/content', 'src/core', 'src/engine', 'src/i18n', 'src/view']
const BEYOND_ASCII = /[^\0-\x7f]/

/** Every character beyond ASCII that the page may show: from strings, templates and JSX of the code, and index.html. */
export function usedCharacters(): string[] {
  const files = [...SHOWN, 'index.html'].flatMap(listFiles).filter((path) => !/\.test\.tsx?$/.test(path))
  const texts = files.flatMap((path) => {
    if (!/\.(tsx?|json|html)$/.test(path)) return []
    const text = readText(path)
    if (!BEYOND_ASCII.test(text)) return []
    return /\.tsx?$/.test(path) ? shownText(parseSource(path, text).ast) : [text]
  })
  const all = new Set(texts.flatMap((text) => [...text]))
  return [...all].filter((char) => BEYOND_ASCII.test(char)).sort()
}

export function shownText(ast: ts.SourceFile): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isJsxText(node) || ts.isTemplateHead(node)
    if (isText || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ast)
  return found
}
