import ts from 'typescript'
import { listFiles, readSources, readText } from './sources.ts'

const SHOWN = ['src/app', 'src/content', 'src/core', 'src/engine', 'src/i18n', 'src/view']

/** Every character beyond ASCII that the page may show: from strings, templates and JSX of the code, and index.html. */
export function usedCharacters(): string[] {
  const inCode = SHOWN.flatMap((folder) => readSources(folder))
    .filter((source) => !/\.test\.tsx?$/.test(source.path))
    .flatMap((source) => shownText(source.ast))
  const inFiles = [...SHOWN, 'index.html']
    .flatMap(listFiles)
    .filter((path) => /\.(json|html)$/.test(path))
    .map(readText)
  const all = new Set([...inCode, ...inFiles].flatMap((text) => [...text]))
  return [...all].filter((char) => char > '\u007f').sort()
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
