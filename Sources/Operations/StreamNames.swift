internal import Domain
internal import Feedback
internal import Ledger

/// How the events of a ledger are named: by their number, and where it holds several streams by the stream's first digits
/// before it, as `3fa2:4`.
struct StreamNames: Sendable {
  /// The streams that have events, the oldest first.
  let streams: [LedgerStream]
  /// How many digits tell them apart, at least four.
  private let digits: Int

  init(_ ledger: Ledger) throws(LedgerError) {
    var streams: [LedgerStream] = []
    for stream in try ledger.streams() where try ledger.head(of: stream.id).seq > 0 { streams.append(stream) }
    self.streams = streams
    let names = streams.map(\.id.hex)
    digits = (4..<32).first { count in Set(names.map { $0.prefix(count) }).count == names.count } ?? 32
  }

  /// The event's number, with its stream where that has to be said.
  func name(_ seq: Int, in stream: StreamID) -> String {
    streams.count > 1 ? "\(stream.hex.prefix(digits)):\(seq)" : "\(seq)"
  }

  /// What stands above the events of a stream; nil where there is one alone.
  func heading(of stream: LedgerStream) -> String? {
    guard streams.count > 1 else { return nil }
    let end = stream.endedAt.map { ", ended \($0.description)" } ?? ""
    return "stream \(stream.id.hex.prefix(digits))  \(stream.context.string)  \(stream.analyst.string)\(end)"
  }

  /// The streams that a name means, and the number of the event in them; nil for what is no such name.
  func meant(by name: String) -> (streams: [LedgerStream], seq: Int)? {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard let seq = parts.last.flatMap({ Int($0) }) else { return nil }
    switch parts.count {
    case 1: return (streams, seq)
    case 2 where parts[0].count >= 4:
      return (streams.filter { $0.id.hex.hasPrefix(parts[0].lowercased()) }, seq)
    default: return nil
    }
  }
}
