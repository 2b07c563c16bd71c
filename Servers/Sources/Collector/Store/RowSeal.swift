internal import Feedback

/// What the log says of an event beside the event itself (whose token it came with, when, why it was set aside) is in no
/// chain of the sender's. The seal hashes it when the row is written.
enum RowSeal {
  private static let columns = [
    "stream", "seq", "hash", "alias_of", "quarantine", "kind", "at", "recorded_analyst", "case_id", "analyst", "token",
    "received_at",
  ]
  private static let domain = "mds-row1"

  /// The seal of a row as it stands, or with another reason why it was set aside.
  static func of(_ row: StoredRow, quarantine: String? = nil) throws -> Hash {
    var values = try columns.map { try row[$0] }
    if let quarantine, let place = columns.firstIndex(of: "quarantine") { values[place] = .text(quarantine) }
    return RowDigest.of(values, domain: domain)
  }
}
