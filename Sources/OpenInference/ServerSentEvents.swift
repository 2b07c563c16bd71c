public import Domain

/// Reads Server-Sent Events from bytes that come in pieces of any size, parted anywhere: WHATWG HTML, 9.2.5 and 9.2.6,
/// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream.
///
/// It stands here and not beside HTTP, because an event is how `infer_stream` and `generate_stream` frame one message
/// of this protocol, and because it is bytes in, values out, without a connection.
public struct ServerSentEvents: Sendable {
  /// One event that has come whole.
  public struct Event: Hashable, Sendable {
    /// Its `event` field; `message` where it had none.
    public var type: RawText
    /// Its `data` lines with a line feed between them, as the bytes that came.
    public var data: [UInt8]
    /// The last `id` that came with it or before it.
    public var id: RawText

    public init(type: RawText = "message", data: [UInt8], id: RawText = "") {
      self.type = type
      self.data = data
      self.id = id
    }
  }

  /// The most bytes that an event, or a line of one, may have.
  public let limit: Int
  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var type: RawText = ""
  private var id: RawText = ""
  private var isFirstLine = true
  /// The last byte was a CR: a LF right after it belongs to it, also in the next piece.
  private var endedWithReturn = false
  /// What was wrong behind events that were still given.
  private var failure: OpenInferenceError?

  /// An event of text is small; 16 MiB is room for a tensor of two million numbers in one.
  public init(limit: Int = 16 << 20) { self.limit = limit }

  /// Whether the last event has begun and not ended: at the end of a stream it is cut off, and no event.
  public var isUnfinished: Bool { !line.isEmpty || !data.isEmpty }

  /// The events that these bytes end; none of them is given twice. What is wrong behind the last of them is thrown by
  /// the next call, for which no bytes will do.
  public mutating func take(_ bytes: [UInt8]) throws(OpenInferenceError) -> [Event] {
    var events: [Event] = []
    if let failure { throw failure }
    do {
      try take(bytes, into: &events)
    } catch {
      if events.isEmpty { throw error }
      failure = error
    }
    return events
  }

  private mutating func take(_ bytes: [UInt8], into events: inout [Event]) throws(OpenInferenceError) {
    var rest = bytes[...]
    if endedWithReturn, let first = rest.first {
      if first == 0x0A { rest = rest.dropFirst() }
      endedWithReturn = false
    }
    while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
      try append(rest[..<end])
      if let event = endLine() { events.append(event) }
      let next = end + 1
      let isPair = rest[end] == 0x0D && next < rest.endIndex && rest[next] == 0x0A
      endedWithReturn = rest[end] == 0x0D && next == rest.endIndex
      rest = rest[(isPair ? next + 1 : next)...]
    }
    try append(rest)
  }

  private mutating func append(_ part: ArraySlice<UInt8>) throws(OpenInferenceError) {
    guard part.count <= limit - line.count - data.count else {
      throw OpenInferenceError(.eventTooLarge(limit: limit))
    }
    line += part
  }

  /// Takes the line that has ended; an empty one ends the event.
  private mutating func endLine() -> Event? {
    defer { line.removeAll(keepingCapacity: true) }
    if isFirstLine {
      isFirstLine = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    guard !line.isEmpty else { return endEvent() }
    let colon = line.firstIndex(of: UInt8(ascii: ":"))
    let name = line[..<(colon ?? line.endIndex)]
    var value = colon.map { line[($0 + 1)...] } ?? []
    if value.first == 0x20 { value = value.dropFirst() }
    switch RawText(bytes: name) {
    case "data":
      data += value
      data.append(0x0A)
    case "event": type = RawText(bytes: value)
    case "id" where !value.contains(0): id = RawText(bytes: value)
    // `retry` is for whoever connects again, which nobody does with an inference; a comment has no name.
    default: break
    }
    return nil
  }

  private mutating func endEvent() -> Event? {
    defer {
      data = []
      type = ""
    }
    guard !data.isEmpty else { return nil }
    return Event(type: type.isEmpty ? "message" : type, data: Array(data.dropLast()), id: id)
  }
}
