public import Domain
public import Feedback
internal import GRDB

/// Where a stream stood on a day, signed with the device's key: whoever writes the past anew, hashes and all, cannot sign it.
public struct SignedHead: Hashable, Sendable {
  public var stream: StreamID
  public var seq: Int
  public var hash: Hash
  public var at: Timestamp
  /// A detached signature in OpenSSH's format, over `message`.
  public var signature: [UInt8]

  public init(stream: StreamID, _ head: Chain.Head, at: Timestamp, signature: [UInt8] = []) {
    self.stream = stream
    seq = head.seq
    hash = head.hash
    self.at = at
    self.signature = signature
  }

  /// What is signed: a text that `ssh-keygen -Y verify` takes as well.
  public var message: [UInt8] {
    Array("mds-head 1\nstream \(stream.hex)\nseq \(seq)\nhash \(hash.hex)\nat \(at.description)\n".utf8)
  }
}

extension Ledger {
  /// The heads of a stream that were signed, the oldest first, whatever the clock said; of every stream without one.
  public func signedHeads(of stream: StreamID? = nil) throws(LedgerError) -> [SignedHead] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT h.* FROM signed_head h LEFT JOIN event e ON e.stream = h.stream AND e.seq = h.seq
            WHERE ?1 IS NULL OR h.stream = ?1 ORDER BY e.id, h.stream, h.seq
            """),
        arguments: [stream?.bytes.blob]
      ).map { try SignedHead($0) }
    }
  }

  /// Keeps a head that was signed.
  public func keep(_ head: SignedHead) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(
        sql: "INSERT OR IGNORE INTO signed_head(stream, seq, hash, at, signature) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: [
        head.stream.bytes.blob, head.seq, head.hash.bytes.blob, head.at.microseconds, head.signature.blob,
      ])
    }
  }

  /// The first signed head that is not the chain's. A stream that goes on under another name left its hashes behind.
  static func signedHeadFault(_ db: Database) throws -> String? {
    for row in try Row.fetchAll(db, sql: "SELECT * FROM signed_head ORDER BY stream, seq") {
      let head = try SignedHead(row)
      let arguments: StatementArguments = [head.stream.bytes.blob, head.seq]
      let kept = try Row.fetchOne(db, sql: "SELECT hash FROM event WHERE stream = ? AND seq = ?", arguments: arguments)
      let former = try Row.fetchOne(
        db, sql: "SELECT hash FROM former WHERE stream = ? AND seq = ?", arguments: arguments)
      guard try (kept ?? former)?.hash("hash") == head.hash else {
        let what = kept ?? former == nil ? "is missing" : "is not the one that was signed then"
        return "event #\(head.seq) of \(head.at.dayText) \(what)"
      }
      if kept == nil, let fault = try formerFault(db, head) { return fault }
    }
    return nil
  }
}

extension Ledger {
  /// What was signed of a stream that went on under another name: the chain of before, made anew from the events as they are.
  private static func formerFault(_ db: Database, _ signed: SignedHead) throws -> String? {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT f.seq, f.prev, f.hash, e.event_id, e.leaf FROM former f JOIN event e ON e.event_id = f.event_id
        WHERE f.stream = ? AND f.seq <= ? ORDER BY f.seq
        """, arguments: [signed.stream.bytes.blob, signed.seq])
    var head: Chain.Head?
    while let row = try rows.next() {
      let (seq, prev) = (row.int("seq"), try row.hash("prev"))
      let isNext = head.map { $0.seq + 1 == seq && $0.hash == prev } ?? true
      let hash = Event.hash(
        stream: signed.stream, seq: seq, prev: prev, eventID: try row.eventID("event_id"), leaf: try row.hash("leaf"))
      guard isNext, try row.hash("hash") == hash else {
        return "event #\(seq) of the stream that was signed on \(signed.at.dayText) is another one"
      }
      head = Chain.Head(seq: seq, hash: hash)
    }
    return head?.seq == signed.seq ? nil : "event #\(signed.seq) of \(signed.at.dayText) is missing"
  }
}

extension SignedHead {
  fileprivate init(_ row: Row) throws {
    self.init(
      stream: try row.streamID("stream"), Chain.Head(seq: row.int("seq"), hash: try row.hash("hash")),
      at: row.time("at"), signature: row.bytes("signature"))
  }
}
