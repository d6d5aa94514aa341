import type { Directive } from './parse.ts'

type Context = 'main' | 'events' | 'http' | 'server' | 'location'

interface Rule {
  contexts: readonly Context[]
  /** Least and most number of arguments. */
  args: readonly [number, number]
  block?: boolean
}

const ALL: readonly Context[] = ['http', 'server', 'location']
const MANY = 1000

function rules(
  contexts: readonly Context[],
  args: readonly [number, number],
  names: string,
): [string, Rule][] {
  return names.split(' ').map((name) => [name, { contexts, args }])
}

/**
 * Directives that are accepted where nginx accepts them. Many have no effect here: they tune what is not modelled
 * (workers, buffers, compression, TLS of servers that do not use it).
 */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...rules(
    ['main'],
    [1, 2],
    'user worker_processes pid worker_rlimit_nofile daemon master_process pcre_jit worker_priority',
  ),
  ...rules(['main'], [1, 4], 'worker_cpu_affinity worker_shutdown_timeout load_module env'),
  ...rules(['main', 'http', 'server', 'location'], [1, 2], 'error_log'),
  ['events', { contexts: ['main'], args: [0, 0], block: true }],
  ...rules(['events'], [1, 1], 'worker_connections use multi_accept accept_mutex accept_mutex_delay'),
  ['http', { contexts: ['main'], args: [0, 0], block: true }],
  ['types', { contexts: ALL, args: [0, 0], block: true }],
  ['server', { contexts: ['http'], args: [0, 0], block: true }],
  ['location', { contexts: ['server', 'location'], args: [1, 2], block: true }],
  ...rules(['http'], [2, MANY], 'log_format'),
  ...rules(['server'], [1, MANY], 'listen server_name'),
  ...rules(ALL, [2, 3], 'add_header'),
  ...rules(
    ALL,
    [1, 1],
    'default_type root client_max_body_size server_tokens sendfile tcp_nopush tcp_nodelay',
  ),
  ...rules(
    ALL,
    [1, 2],
    'keepalive_timeout reset_timedout_connection keepalive_requests send_timeout resolver_timeout',
  ),
  ...rules(
    ALL,
    [1, 1],
    'types_hash_max_size types_hash_bucket_size log_not_found log_subrequest etag if_modified_since',
  ),
  ...rules(
    ALL,
    [1, 1],
    'client_body_timeout client_body_buffer_size client_body_temp_path lingering_close lingering_time',
  ),
  ...rules(
    ['http', 'server'],
    [1, 2],
    'client_header_timeout client_header_buffer_size large_client_header_buffers',
  ),
  ...rules(['http'], [1, 1], 'server_names_hash_bucket_size server_names_hash_max_size'),
  ...rules(
    ALL,
    [1, MANY],
    'access_log index charset gzip gzip_types gzip_vary gzip_proxied gzip_comp_level gzip_min_length',
  ),
  ...rules(
    ALL,
    [1, MANY],
    'gzip_buffers gzip_http_version gzip_disable ssl_protocols ssl_prefer_server_ciphers',
  ),
  ...rules(['server', 'location'], [1, 2], 'return'),
  ...rules(['main', 'events', 'http', 'server', 'location'], [1, 1], 'include'),
])

/** Real directives that would change what is answered and are not modelled: said so instead of being ignored. */
const REFUSED = new Set(
  (
    'proxy_pass fastcgi_pass uwsgi_pass scgi_pass grpc_pass memcached_pass upstream rewrite if try_files map geo stream ' +
    'split_clients limit_req limit_conn limit_rate auth_basic allow deny error_page alias autoindex stub_status mirror ' +
    'sub_filter set set_real_ip_from real_ip_header ssl_certificate ssl_certificate_key expires perl js_import mail ' +
    'limit_except internal random_index empty_gif proxy_set_header proxy_http_version resolver limit_req_zone'
  ).split(' '),
)

/** Directives that may stand once in a block. */
const SINGLE = new Set(
  (
    'user worker_processes pid worker_connections default_type root client_max_body_size server_tokens sendfile tcp_nopush ' +
    'tcp_nodelay keepalive_timeout keepalive_requests events http use multi_accept'
  ).split(' '),
)

export function isSingle(name: string): boolean {
  return SINGLE.has(name)
}

/** What is wrong with a directive in this context, in nginx's words; undefined = nothing. */
export function checkDirective(directive: Directive, context: Context): string | undefined {
  const { name, args, line, file, block } = directive
  const at = `in ${file}:${line}`
  const rule = RULES.get(name)
  if (!rule) {
    return REFUSED.has(name)
      ? `directive "${name}" is not modelled here ${at}`
      : `unknown directive "${name}" ${at}`
  }
  if (!rule.contexts.includes(context)) return `"${name}" directive is not allowed here ${at}`
  if (rule.block === true && !block) return `directive "${name}" has no opening "{" ${at}`
  if (rule.block !== true && block) return `directive "${name}" is not terminated by ";" ${at}`
  if (args.length < rule.args[0] || args.length > rule.args[1]) {
    return `invalid number of arguments in "${name}" directive ${at}`
  }
  return undefined
}

export type { Context }
