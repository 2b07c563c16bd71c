internal import Feedback

/// What the log says of an event beside the event itself (whose token it came with, when, why it was set aside) is in no
/// chain of the sender's. The seal hashes it when the row is written.
enum RowSeal {
  private static let columns = [
    "stream", "seq", "hash", "alias_of", "quarantine", "kind", "at", "recorded_analyst", "case_id", "analyst", "token",
    "received_at",
  ]
  private static let domain = "mds-row1"

  /// Where a row with these columns has what is sealed: to be found once for many rows.
  static func places(in row: [String]) throws -> [Int] {
    try columns.map { column in
      guard let place = row.firstIndex(of: column) else { throw StoreError(.statement, "no column \(column)") }
      return place
    }
  }

  /// The seal of a row whose sealed values are at these places.
  static func of(_ values: [SQLValue], at places: [Int]) -> Hash {
    RowDigest.of(places.map { values[$0] }, domain: domain)
  }

  /// The seal of a row as it stands, or with another reason why it was set aside.
  static func of(_ row: StoredRow, quarantine: SQLValue? = nil) throws -> Hash {
    try of(row, with: quarantine.map { ["quarantine": $0] } ?? [:])
  }

  /// The seal of a row with other values in some of its columns.
  static func of(_ row: StoredRow, with changes: [String: SQLValue]) throws -> Hash {
    RowDigest.of(try columns.map { try changes[$0] ?? row[$0] }, domain: domain)
  }
}
