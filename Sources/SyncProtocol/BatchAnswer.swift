public import Domain
public import Feedback

/// The collector's answer to a batch, given after its commit.
public struct BatchAnswer: Message {
  public var epoch: Int
  public var head: Position
  public var safe: Position
  public var now: Timestamp
  /// One for each event up to the first that was not stored.
  public var results: [RecordResult]

  public init(epoch: Int, head: Position, safe: Position, now: Timestamp, results: [RecordResult]) {
    self.epoch = epoch
    self.head = head
    self.safe = safe
    self.now = now
    self.results = results
  }

  /// The places whose own hash a client needs to judge the answer.
  public var places: [Int] { [head.seq, safe.seq] + results.map(\.position.seq) }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    var results: [RecordResult] = []
    for result in try object.objects("results") { results.append(try RecordResult(wire: result)) }
    self.init(
      epoch: try object.natural("epoch"), head: try object.position("head"), safe: try object.position("safe"),
      now: try object.timestamp("now"), results: results)
  }

  public var json: JSON {
    .object([
      "epoch": .count(epoch), "head": head.wire, "safe": safe.wire, "now": .time(now),
      "results": .array(results.map(\.wire)),
    ])
  }
}

/// The collector's stream and the sender's are not the same: answered with status 409. The sender looks for the
/// last event that both share.
public struct Lineage: Message {
  public var epoch: Int
  public var head: Position

  public init(epoch: Int, head: Position) {
    self.epoch = epoch
    self.head = head
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    self.init(epoch: try object.natural("epoch"), head: try object.position("head"))
  }

  public var json: JSON {
    .object(["error": .text(Refusal.lineage), "epoch": .count(epoch), "head": head.wire])
  }
}
