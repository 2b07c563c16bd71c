/// A line between a program and a terminal far away, as ssh over a bad connection is one.
///
/// A value that is told the time, in seconds of any clock. What the program writes goes in packets, one after the other,
/// and waits in a buffer meanwhile; when that is full, the program has to wait. Keys are few: they are only late.
public struct SlowLine: Sendable {
  /// Bytes that reach one of the two sides, and when.
  public struct Delivery: Equatable, Sendable {
    public var at: Double
    public var bytes: [UInt8]

    public init(at: Double, bytes: [UInt8]) {
      self.at = at
      self.bytes = bytes
    }
  }

  /// What the line carries towards the terminal in a second, headers included.
  private let bytesPerSecond: Double
  /// Seconds that anything is under way, each way.
  private let delay: Double
  /// Bytes of a packet's headers.
  private let headers: Int
  /// Bytes that a packet carries at most.
  private let payload: Int
  /// Bytes that wait for the line at most, but for what one write was more.
  private let room: Int
  private var isFreeAt = -Double.infinity
  private var output: [Delivery] = []
  private var keys: [Delivery] = []

  /// The defaults are a bad line: 64 kbit/s, 200 ms there and back, 90 bytes of headers of ssh, TCP and IP, 64 KiB.
  public init(
    bitsPerSecond: Double = 64_000, roundTrip: Double = 0.2, headers: Int = 90, payload: Int = 1448, room: Int = 65_536
  ) {
    bytesPerSecond = bitsPerSecond / 8
    delay = roundTrip / 2
    self.headers = headers
    self.payload = max(1, payload)
    self.room = room
  }

  /// Takes what the program wrote at once.
  public mutating func write(_ bytes: [UInt8], at now: Double) {
    for start in stride(from: 0, to: bytes.count, by: payload) {
      let packet = Array(bytes[start..<min(start + payload, bytes.count)])
      isFreeAt = max(now, isFreeAt) + Double(packet.count + headers) / bytesPerSecond
      output.append(Delivery(at: isFreeAt + delay, bytes: packet))
    }
  }

  /// Takes what was typed at the terminal.
  public mutating func type(_ bytes: [UInt8], at now: Double) { keys.append(Delivery(at: now + delay, bytes: bytes)) }

  /// What has reached the terminal by now, once.
  public mutating func shown(by now: Double) -> [Delivery] { Self.take(&output, by: now) }

  /// What has reached the program by now, once.
  public mutating func typed(by now: Double) -> [Delivery] { Self.take(&keys, by: now) }

  /// Whether the program may write: otherwise the buffer is full.
  public func hasRoom(at now: Double) -> Bool {
    output.reduce(0) { $0 + ($1.at - delay > now ? $1.bytes.count : 0) } < room
  }

  /// Whether nothing is on its way to the terminal.
  public var isQuiet: Bool { output.isEmpty }

  /// When something changes by itself next: a packet leaves or arrives, or a key does; nil where nothing is under way.
  public func nextEvent(after now: Double) -> Double? {
    let times = output.flatMap { [$0.at - delay, $0.at] } + keys.map(\.at)
    return times.filter { $0 > now }.min()
  }

  private static func take(_ queue: inout [Delivery], by now: Double) -> [Delivery] {
    let arrived = queue.prefix { $0.at <= now }
    queue.removeFirst(arrived.count)
    return Array(arrived)
  }
}
