internal import Domain
internal import Feedback
internal import Workbench

/// How the newest round with the collector went, as the ledger remembers it.
struct LastExchange: Sendable {
  /// The newest round that went well.
  var done: OutboxScreen.LastSync?
  /// Why the newest round failed; nil where it went well.
  var problem: Problem?
  var nextTry: Timestamp?
  /// Whether only a person can mend it, though it is tried again.
  var needsAnalyst = false

  static func key(of stream: StreamID) -> String { "exchange \(stream.hex)" }

  init(done: OutboxScreen.LastSync? = nil, problem: Problem? = nil, nextTry: Timestamp? = nil) {
    self.done = done
    self.problem = problem
    self.nextTry = nextTry
  }

  init?(json: JSON) {
    guard json.members != nil else { return nil }
    if let done = json["done"], let at = done["at"]?.integer {
      func count(_ name: RawText) -> Int { Int(done[name]?.integer ?? 0) }
      self.done = OutboxScreen.LastSync(
        at: Timestamp(microseconds: at), sent: count("sent"), received: count("received"), fetched: count("fetched"),
        milliseconds: count("ms"), bytes: count("bytes"))
    }
    if let problem = json["problem"] {
      self.problem = Problem(
        problem["summary"]?.string ?? "", advice: problem["advice"]?.string ?? "",
        detail: problem["detail"]?.string ?? "")
    }
    needsAnalyst = json["needs_analyst"] == .bool(true)
    nextTry = json["next_try"]?.integer.map { Timestamp(microseconds: $0) }
  }

  var json: JSON {
    var members: [JSON.Member] = []
    if let done {
      members.append(
        .init(
          "done",
          .object([
            "at": .integer(done.at.microseconds), "sent": .integer(Int64(done.sent)),
            "received": .integer(Int64(done.received)), "fetched": .integer(Int64(done.fetched)),
            "ms": .integer(Int64(done.milliseconds)), "bytes": .integer(Int64(done.bytes)),
          ])))
    }
    if let problem {
      members.append(
        .init(
          "problem",
          .object([
            "summary": .text(problem.summary), "advice": .text(problem.advice), "detail": .text(problem.detail),
          ])))
    }
    if let nextTry { members.append(.init("next_try", .integer(nextTry.microseconds))) }
    if needsAnalyst { members.append(.init("needs_analyst", .bool(true))) }
    return .object(members)
  }
}
