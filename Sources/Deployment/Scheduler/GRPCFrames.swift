/// Messages cut out of a gRPC body that arrives in pieces of any size: one byte that says whether the message is
/// compressed, its length in four bytes, big end first, then the message
/// (gRPC over HTTP2, "Length-Prefixed-Message").
package struct GRPCFrames {
  /// The most bytes of one message.
  let limit: Int
  private var pending: [UInt8] = []
  /// How much of `pending` was given out.
  private var position = 0

  package init(limit: Int) { self.limit = limit }

  /// A message as it is sent.
  package static func framed(_ message: [UInt8]) -> [UInt8] {
    let count = UInt32(message.count)
    return [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + message
  }

  package mutating func append(_ piece: some Sequence<UInt8>) {
    pending.removeFirst(position)
    position = 0
    pending.append(contentsOf: piece)
  }

  /// The next whole message; nil until more has come.
  package mutating func next() throws(GRPCFailure) -> [UInt8]? {
    let head = pending[position...].prefix(5)
    guard let flag = head.first else { return nil }
    guard flag == 0 else { throw flag == 1 ? .compressed : .unreadable("a frame begins with \(flag)") }
    guard head.count == 5 else { return nil }
    let length = head.dropFirst().reduce(0) { $0 << 8 | Int($1) }
    guard length <= limit else { throw .tooLarge(length, limit: limit) }
    let start = position + 5
    guard pending.count >= start + length else { return nil }
    position = start + length
    return Array(pending[start..<position])
  }

  /// Whether the body ended inside a message.
  package var isCutOff: Bool { position < pending.count }
}
