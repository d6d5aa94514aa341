import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** One import, export-from, `import()` or `new URL(…, import.meta.url)`; type-only ones count like any other. */
export interface Import {
  spec: string
  /** Path from the project's root for a relative import, '' for a package. */
  target: string
  line: number
}

export interface Source {
  /** From the project's root, with `/`. */
  path: string
  text: string
  ast: ts.SourceFile
  imports: Import[]
}

const CODE = /\.(ts|tsx)$/
const SKIP = new Set(['node_modules', 'dist', 'fixtures'])

/** All files under a folder of the project, sorted, as paths from the root. */
export function listFiles(folder: string): string[] {
  const from = join(ROOT, folder)
  if (!existsSync(from)) return []
  if (!statSync(from).isDirectory()) return [folder]
  return readdirSync(from, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (SKIP.has(entry.name)) return []
      const path = relative(ROOT, join(from, entry.name)).split(sep).join('/')
      return entry.isDirectory() ? listFiles(path) : [path]
    })
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Every TypeScript file under `src`, parsed. */
export function readSources(folder = 'src'): Source[] {
  return listFiles(folder)
    .filter((path) => CODE.test(path))
    .map((path) => parseSource(path, readText(path)))
}

export function parseSource(path: string, text: string): Source {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, kind)
  return { path, text, ast, imports: findImports(path, ast) }
}

/** Line of a node, counted from 1. */
export function lineOf(ast: ts.SourceFile, node: ts.Node): number {
  return ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1
}

function findImports(path: string, ast: ts.SourceFile): Import[] {
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    const spec = importedName(node)
    if (spec !== undefined) found.push({ spec, target: resolve(path, spec), line: lineOf(ast, node) })
    ts.forEachChild(node, visit)
  }
  visit(ast)
  return found
}

function importedName(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier)
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : undefined
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return literal(node.arguments[0])
  const isUrl = ts.isNewExpression(node) && node.expression.getText() === 'URL'
  const fromHere = isUrl && node.arguments?.[1]?.getText() === 'import.meta.url'
  if (!fromHere) return undefined
  const spec = literal(node.arguments[0])
  return spec !== undefined && CODE.test(spec) ? spec : undefined
}

function literal(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined
}

/** Vite's query (`?url`, `?worker`) is not part of the path. */
function resolve(from: string, spec: string): string {
  if (!spec.startsWith('.')) return ''
  return posix.normalize(posix.join(posix.dirname(from), spec.replace(/\?.*$/, '')))
}
