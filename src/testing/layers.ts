import { COMPOSITION_ROOTS, LAYERS, TEST_PACKAGES, TEST_READS } from './layer-rules.ts'
import type { Import, Source } from './sources.ts'

const TEST = /\.test\.tsx?$/

/** Layer of a file: the longest folder of the table that holds it, '' when there is none. */
export function layerOf(path: string): string {
  return Object.keys(LAYERS)
    .filter((layer) => isIn(path, layer))
    .reduce((best, layer) => (layer.length > best.length ? layer : best), '')
}

/** One line for each import that the table does not allow, `file:line imports target: why`. */
export function badImports(sources: readonly Source[], exists: (path: string) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports.flatMap((edge) => {
      const why = judge(source.path, edge, exists)
      return why ? [`${source.path}:${edge.line} imports ${edge.target || edge.spec}: ${why}`] : []
    }),
  )
}

function judge(path: string, edge: Import, exists: (path: string) => boolean): string {
  const layer = layerOf(path)
  const rule = LAYERS[layer]
  if (!rule) return 'the importing file is in no layer of layer-rules.ts'
  const isTest = TEST.test(path)
  if (!edge.target) {
    const packages = isTest ? [...rule.packages, ...TEST_PACKAGES] : rule.packages
    return packages.some((name) => isPackage(edge.spec, name)) ? '' : `${layer} may not use this package`
  }
  if (!exists(edge.target)) return 'there is no such file (extensions are written out)'
  if (TEST.test(edge.target)) return 'a test is imported by nobody'
  const root = COMPOSITION_ROOTS[edge.target]
  if (root && !isTest && isIn(path, root)) return `only files outside ${root} import its composition root`
  const reads = [layer, ...rule.reads, ...(isTest ? TEST_READS : [])]
  return reads.some((allowed) => isIn(edge.target, allowed))
    ? ''
    : `${layer} may not read ${layerOf(edge.target)}`
}

function isIn(path: string, folderOrFile: string): boolean {
  return path === folderOrFile || path.startsWith(`${folderOrFile}/`)
}

function isPackage(spec: string, name: string): boolean {
  return spec === name || spec.startsWith(name.endsWith(':') ? name : `${name}/`)
}

/** Import cycles between files, each as `a -> b -> a` along a shortest way; type-only imports count. */
export function importCycles(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, source.imports.map((edge) => edge.target)]))
  return components(graph).map((group) => shortestCycle(graph, group).join(' -> '))
}

/** Tarjan's strongly connected components of more than one file, and files that import themselves. */
function components(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const groups: string[][] = []
  const visit = (node: string): number => {
    const own = index.size
    index.set(node, own)
    low.set(node, own)
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue
      const reached = index.has(next) ? (stack.includes(next) ? index.get(next) : undefined) : visit(next)
      if (reached !== undefined) low.set(node, Math.min(low.get(node) ?? own, reached))
    }
    if (low.get(node) === own) {
      const group = stack.splice(stack.indexOf(node))
      if (group.length > 1 || graph.get(node)?.includes(node)) groups.push(group)
    }
    return low.get(node) ?? own
  }
  for (const node of graph.keys()) if (!index.has(node)) visit(node)
  return groups
}

function shortestCycle(graph: ReadonlyMap<string, readonly string[]>, group: readonly string[]): string[] {
  const start = [...group].sort()[0] ?? ''
  const from = new Map<string, string>()
  const queue = [start]
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const next of graph.get(node) ?? []) {
      if (!group.includes(next) || (from.has(next) && next !== start)) continue
      if (next === start) return wayBack(from, start, node)
      from.set(next, node)
      queue.push(next)
    }
  }
  return [start]
}

function wayBack(from: ReadonlyMap<string, string>, start: string, last: string): string[] {
  const way = [start]
  for (let node = last; node !== start; node = from.get(node) ?? start) way.unshift(node)
  return [start, ...way]
}
