internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB

extension Array<UInt8> {
  /// The bytes as SQLite takes them.
  var blob: Data { Data(self) }
}

extension RawText {
  var blob: Data { Data(bytes) }
}

extension Timestamp {
  /// How an event's time stands in its column: sorts as text in time order.
  var column: String { description }
}

extension Row {
  func bytes(_ column: String) -> [UInt8] { (self[column] as Data?).map(Array.init) ?? [] }

  func optionalBytes(_ column: String) -> [UInt8]? { (self[column] as Data?).map(Array.init) }

  func raw(_ column: String) -> RawText { RawText(bytes: bytes(column)) }

  func optionalRaw(_ column: String) -> RawText? { optionalBytes(column).map { RawText(bytes: $0) } }

  func string(_ column: String) -> String { self[column] ?? "" }

  func int(_ column: String) -> Int { self[column] ?? 0 }

  func optionalInt(_ column: String) -> Int? { self[column] }

  func double(_ column: String) -> Double? { self[column] }

  func time(_ column: String) -> Timestamp { Timestamp(microseconds: self[column] ?? 0) }

  func optionalTime(_ column: String) -> Timestamp? { (self[column] as Int64?).map { Timestamp(microseconds: $0) } }

  func shortHash(_ column: String) throws -> ShortHash {
    guard let id = ShortHash(bytes: bytes(column)) else { throw LedgerError.damaged("\(column) has not 16 bytes") }
    return id
  }

  func optionalShortHash(_ column: String) throws -> ShortHash? {
    self[column] as Data? == nil ? nil : try shortHash(column)
  }

  func hash(_ column: String) throws -> Hash {
    guard let hash = Hash(bytes: bytes(column)) else { throw LedgerError.damaged("\(column) has not 32 bytes") }
    return hash
  }

  func eventID(_ column: String) throws -> EventID {
    guard let id = EventID(bytes: bytes(column)) else { throw LedgerError.damaged("\(column) has not 16 bytes") }
    return id
  }

  func streamID(_ column: String) throws -> StreamID {
    guard let id = StreamID(bytes: bytes(column)) else { throw LedgerError.damaged("\(column) has not 16 bytes") }
    return id
  }

  /// What `judgement_now` keeps of a statement.
  func statement(_ column: String = "statement") throws -> Feedback.Statement {
    do {
      // Only what it says: whether its bytes are canonical is left to `verify`.
      return try Amendment(json: JSON(parsing: bytes(column))).statement
    } catch {
      throw LedgerError.damagedStanding
    }
  }

  /// An event out of `event` or `foreign_event`.
  func event() throws -> Event {
    guard let at = Timestamp(string("at")) else { throw LedgerError.damaged("an event's time is no time") }
    return Event(
      stream: try streamID("stream"), seq: int("seq"), eventID: try eventID("event_id"), prev: try hash("prev"),
      leaf: try hash("leaf"), hash: try hash("hash"), body: optionalBytes("body"),
      kind: EventKind(RawText(string("kind"))), at: at, analyst: RawText(string("analyst")),
      caseID: try optionalShortHash("case_id"))
  }
}
