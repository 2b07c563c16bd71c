internal import Domain
internal import Feedback
internal import Foundation
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

/// A collector with one of everything: events, aliases, some set aside, a redaction, publications, a backup, tokens.
struct Filled {
  let bench: Bench
  let ana: DeviceStream

  /// The word in the note that was redacted.
  static let secret = "canary-3f9ad1"

  init(_ kept: Kept) async throws {
    bench = try Bench(kept)
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(.of([1]), .agree)
    try ana.judge(.of([2]), .disagree, note: "a note")
    var copy = DeviceStream(2, analyst: "ana")
    try copy.add(.streamFork(StreamFork(oldStream: ana.id, atSeq: 0, reason: "copy")))
    var offered = copy.offered
    for event in ana.events {
      let last = try #require(offered.last)
      offered.append(Stub.event(try #require(event.body), after: last, id: event.eventID, stream: copy.id))
    }
    var foreign = DeviceStream(3, analyst: "mallory")
    try foreign.judge(.of([1]), .disagree)
    var brent = DeviceStream(4, analyst: "brent")
    try brent.judge(.of([3]), .unsure, note: RawText(Filled.secret))
    let sent = brent.offered
    let (client, tokens) = (
      InProcessClient(try bench.collector().router().buildResponder()),
      [try bench.token("ana"), try bench.token("brent")]
    )
    let batches = [
      (ana.id, ana.offered, tokens[0]), (copy.id, offered, tokens[0]), (foreign.id, foreign.offered, tokens[0]),
      (brent.id, [sent[0].withheld, sent[1]], tokens[1]),
    ]
    for (id, events, token) in batches {
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(id)
      #expect(try await caller.verdicts(events, on: id).count == events.count)
    }
    _ = try await Caller(client: client, token: tokens[1]).entries()
    #expect(try Redaction(bench.database).run(.event(sent[1].eventID), reason: "a name") == 1)
    let book = PublicationBook(bench.database)
    try book.publish(.catalogue, name: "lab", body: Array("[models.wine]".utf8))
    try book.publish(.catalogue, name: "lab", body: Array("b".utf8), recipients: ["ana"])
    try Backup.make(of: bench.database, to: bench.path("b.db"))
    self.ana = ana
  }
}
