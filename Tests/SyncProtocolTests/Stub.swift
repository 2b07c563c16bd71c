internal import Domain
internal import Feedback
internal import SyncProtocol

/// Streams and events for tests.
enum Stub {
  static let moment = Timestamp(microseconds: 1_795_435_200_000_000)

  static func body(_ number: Int, analyst: String = "ana", kind: String = "note", at: Timestamp = moment) -> [UInt8] {
    Array("{\"analyst\":\"\(analyst)\",\"at\":\"\(at)\",\"kind\":\"\(kind)\",\"n\":\(number),\"v\":1}".utf8)
  }

  static func event(_ body: [UInt8], seq: Int, id: UInt64, prev: Hash, stream: StreamID) -> OfferedEvent {
    let eventID = EventID(at: Timestamp(microseconds: 0), random: id)
    return event(body, seq: seq, eventID: eventID, prev: prev, stream: stream)
  }

  static func event(
    _ body: [UInt8], seq: Int, eventID: EventID, prev: Hash, stream: StreamID
  ) -> OfferedEvent {
    let leaf = Hash.of(body)
    return OfferedEvent(
      seq: seq, eventID: eventID, prev: prev, leaf: leaf,
      hash: Event.hash(stream: stream, seq: seq, prev: prev, eventID: eventID, leaf: leaf), body: body)
  }

  /// So many linked events; `from` tells two lineages apart.
  static func chain(
    _ count: Int, in stream: StreamID, after base: OfferedEvent? = nil, from first: Int = 1
  ) -> [OfferedEvent] {
    var events: [OfferedEvent] = []
    var last = base?.position ?? .empty
    for offset in 0..<count {
      let number = first + (base?.seq ?? 0) + offset
      let event = event(body(number), seq: last.seq + 1, id: UInt64(number), prev: last.hash, stream: stream)
      events.append(event)
      last = event.position
    }
    return events
  }

  static func hashes(_ events: [OfferedEvent]) -> [Int: Hash] {
    Dictionary(uniqueKeysWithValues: events.map { ($0.seq, $0.hash) })
  }
}

extension StreamID {
  static func numbered(_ number: UInt8) -> StreamID {
    guard let id = StreamID(bytes: [UInt8](repeating: number, count: 16)) else { fatalError("16 bytes make an id") }
    return id
  }
}
