internal import Domain
internal import Feedback
internal import SyncProtocol

/// An event as it is sent on: its identity is the key, its body, byte for byte, the value.
struct KafkaMessage: Hashable, Sendable {
  var key: [UInt8]
  var value: [UInt8]
  var headers: [Header]

  struct Header: Hashable, Sendable {
    var name: String
    var value: String
  }

  /// nil for an event without a body.
  init?(_ entry: LogEntry) {
    guard let body = entry.event.body else { return nil }
    key = Array(Hexadecimal.text(of: entry.event.eventID.bytes).utf8)
    value = body
    headers = [
      Header(name: "lsn", value: "\(entry.cursor.number)"), Header(name: "epoch", value: "\(entry.cursor.epoch)"),
      Header(name: "stream", value: entry.stream.hex), Header(name: "seq", value: "\(entry.event.seq)"),
      Header(name: "analyst", value: entry.analyst.string),
      Header(name: "received_at", value: entry.receivedAt.description),
    ]
  }
}
