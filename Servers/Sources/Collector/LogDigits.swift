public import Domain
public import Feedback

/// Digits that name an event or a case as people type them: all 32, or the first eight or more of one that is in the log.
public struct LogDigits: Sendable {
  private let database: CollectorDatabase

  public init(_ database: CollectorDatabase) { self.database = database }

  /// The case that they name.
  public func caseID(_ digits: String) throws -> ShortHash {
    if let id = ShortHash(hex: digits) { return id }
    guard let id = ShortHash(bytes: try named(by: digits, "case", in: "case_id")) else {
      throw CollectorError.noSuchName("case", digits)
    }
    return id
  }

  /// The event that they name.
  public func eventID(_ digits: String) throws -> EventID {
    if let id = EventID(hex: digits) { return id }
    guard let id = EventID(bytes: try named(by: digits, "event", in: "event_id")) else {
      throw CollectorError.noSuchName("event", digits)
    }
    return id
  }

  private func named(by digits: String, _ noun: String, in column: String) throws -> [UInt8] {
    let missing = 32 - digits.utf8.count
    guard digits.utf8.count >= 8, missing >= 0, digits.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
    else { throw CollectorError.shortName(noun, digits) }
    guard missing > 0,
      let low = ShortHash(hex: digits + String(repeating: "0", count: missing)),
      let high = ShortHash(hex: digits + String(repeating: "f", count: missing))
    else { throw CollectorError.noSuchName(noun, digits) }
    let found = try database.readNow { db in
      try db.rows(
        "SELECT DISTINCT \(column) FROM log WHERE \(column) >= ? AND \(column) <= ? LIMIT 2",
        [.bytes(low.bytes), .bytes(high.bytes)])
    }
    guard found.count == 1, let bytes = try found[0].bytes(column) else {
      throw CollectorError.noSuchName(noun, digits)
    }
    return bytes
  }
}
