import { MS, SEC } from '../../base/ids.ts'

/** Values of Linux 6.1 (include/net/tcp.h) where no sysctl stands for them. Times in nanoseconds. */
export const RTO_INIT = SEC
export const RTO_MIN = 200 * MS
export const RTO_MAX = 120 * SEC
export const TIMEOUT_MIN = 8 * MS
export const ATO_MIN = 40 * MS
export const DELACK_MIN = 40 * MS
export const DELACK_MAX = 200 * MS
export const TIMEWAIT = 60 * SEC
/** Interval in which one answer to out-of-window segments is sent (tcp_invalid_ratelimit). */
export const OOW_INTERVAL = 500 * MS
export const MAX_QUICKACKS = 16
export const INIT_CWND = 10
/** tcp_rmem[1]; half of it may be announced as window (tcp_adv_win_scale 1). */
export const RCV_BUFFER = 131072
/** From tcp_rmem[2] = 6 MiB. */
export const RCV_WSCALE = 7
export const MSS_DEFAULT = 536
/** min_adv_mss / TCP_MIN_SND_MSS of the kernel. */
export const MSS_LEAST = 48
export const SSTHRESH_NONE = 0x7fffffff
/** IP and TCP header without options. */
export const HEADERS = 40
export const TS_OPTION = 12
/** Bytes a socket takes to send before it says no. */
export const SEND_LIMIT = 4 * 1024 * 1024
