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
  /// The heads of a stream that were signed, the oldest first; of every stream without one.
  public func signedHeads(of stream: StreamID? = nil) throws(LedgerError) -> [SignedHead] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM signed_head WHERE ?1 IS NULL OR stream = ?1 ORDER BY at, seq"),
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
    for row in try Row.fetchAll(db, sql: "SELECT * FROM signed_head ORDER BY at, seq") {
      let head = try SignedHead(row)
      let arguments: StatementArguments = [head.stream.bytes.blob, head.seq]
      let kept = try Row.fetchOne(db, sql: "SELECT hash FROM event WHERE stream = ? AND seq = ?", arguments: arguments)
      let former = try Row.fetchOne(
        db, sql: "SELECT hash FROM former WHERE stream = ? AND seq = ?", arguments: arguments)
      guard try (kept ?? former)?.hash("hash") == head.hash else {
        let what = kept ?? former == nil ? "is missing" : "is not the one that was signed then"
        return "event #\(head.seq) of \(head.at.dayText) \(what)"
      }
    }
    return nil
  }
}

extension SignedHead {
  fileprivate init(_ row: Row) throws {
    self.init(
      stream: try row.streamID("stream"), Chain.Head(seq: row.int("seq"), hash: try row.hash("hash")),
      at: row.time("at"), signature: row.bytes("signature"))
  }
}
