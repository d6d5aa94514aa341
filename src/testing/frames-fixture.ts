/** Frames that a real Linux lab put on the wire, and what tcpdump and tshark say of them. */
export interface FramesFixture {
  /** One of each kind. */
  frames: FrameFixture[]
  /** Consecutive frames of one capture point; `line` has relative sequence numbers. */
  conversation: { hex: string; line: string }[]
}

export interface FrameFixture {
  /** Scenario, capture point and number of the frame in it, from 1. */
  source: string
  /** Taken on a tunnel device: no Ethernet header. */
  raw?: true
  hex: string
  /** `tcpdump -tnS`. */
  line: string
  /** `tcpdump -tneS`. */
  linkLine: string
  /** Fields that tshark read, by name. */
  tshark: Record<string, string>
}
