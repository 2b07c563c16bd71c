import Domain
import Feedback
import Foundation
import GRDB
import Ledger
import Testing

@Suite("A signed head")
struct SignedHeadTests {
  let scratch: Scratch
  let ledger: Ledger
  let stream: LedgerStream

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
  }

  private func note(_ words: [RawText], to ledger: Ledger, _ stream: StreamID) throws {
    try ledger.append(words.map { EventBody(stamp: Sample.stamp(), payload: .note($0)) }, to: stream)
  }

  @Test(
    "pins the past: events that were written anew, with hashes that hold, are found, and so are those that are missing")
  func pinned() throws {
    try note(["one", "two"], to: ledger, stream.id)
    let head = try ledger.head(of: stream.id)
    try ledger.keep(SignedHead(stream: stream.id, head, at: Sample.start, signature: [1]))
    try note(["three"], to: ledger, stream.id)
    #expect(try ledger.verify().fault == nil)
    #expect(try ledger.signedHeads(of: stream.id).map(\.seq) == [3])
    // Whatever the clock says.
    let later = try ledger.head(of: stream.id)
    try ledger.keep(SignedHead(stream: stream.id, later, at: Sample.start.advanced(bySeconds: -86_400), signature: [1]))
    #expect(try ledger.signedHeads(of: stream.id).map(\.seq) == [3, 4] && ledger.verify().fault == nil)
    try ledger.close()

    // The same stream with another second note, its chain whole.
    let other = try Scratch()
    let forged = try other.open()
    let twin = try forged.stream(for: "prod", stamp: Sample.stamp())
    try note(["one", "other", "three"], to: forged, twin.id)
    try forged.close()
    let raw = try DatabaseQueue(path: other.path)
    try raw.write { db in
      try db.execute(
        sql: "INSERT INTO signed_head(stream, seq, hash, at, signature) VALUES (?, 3, ?, ?, x'01')",
        arguments: [
          Data(twin.id.bytes), Data(head.hash.bytes), Sample.start.microseconds,
        ])
    }
    try raw.close()
    #expect(
      try other.open().verify().fault == "event #3 of \(Sample.start.dayText) is not the one that was signed then")

    let cut = try DatabaseQueue(path: scratch.path)
    try cut.write { try $0.execute(sql: "DROP TRIGGER event_no_delete; DELETE FROM event WHERE seq > 2") }
    try cut.close()
    #expect(try scratch.open().verify().fault == "event #3 of \(Sample.start.dayText) is missing")
  }

  @Test("of a stream that went on under another name still holds")
  func forked() throws {
    try note(["one", "two"], to: ledger, stream.id)
    try ledger.keep(SignedHead(stream: stream.id, ledger.head(of: stream.id), at: Sample.start, signature: [1]))
    let next = try ledger.fork(stream.id, sharedSeq: 1, reason: "copied", stamp: Sample.stamp())
    #expect(try ledger.verify().fault == nil)
    try ledger.close()
    // Written anew behind the fork, the new chain whole: what was signed before it tells.
    try writeAnew(next.id)
    #expect(try scratch.open().verify().fault?.contains("of the stream that was signed on") == true)
  }

  /// Changes a word in a stream's events behind the first, and makes every hash anew.
  private func writeAnew(_ stream: StreamID) throws {
    let raw = try DatabaseQueue(path: scratch.path)
    try raw.write { db in
      try db.execute(sql: "DROP TRIGGER event_no_update")
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM event WHERE stream = ? ORDER BY seq", arguments: [Data(stream.bytes)])
      let first: Data = rows[0]["hash"]
      var prev = Array(first)
      for row in rows.dropFirst() {
        let (number, seq, name, old): (Int, Int, Data, Data) = (row["id"], row["seq"], row["event_id"], row["body"])
        let body = Array(String(decoding: old, as: UTF8.self).replacing("one", with: "own").utf8)
        guard let before = EventHash(bytes: prev), let eventID = EventID(bytes: Array(name)) else { continue }
        let leaf = EventHash.of(body)
        let hash = Event.hash(stream: stream, seq: seq, prev: before, eventID: eventID, leaf: leaf)
        try db.execute(
          sql: "UPDATE event SET body = ?, leaf = ?, prev = ?, hash = ? WHERE id = ?",
          arguments: [Data(body), Data(leaf.bytes), Data(prev), Data(hash.bytes), number])
        prev = hash.bytes
      }
    }
    try raw.close()
  }
}

private typealias EventHash = Feedback.Hash
