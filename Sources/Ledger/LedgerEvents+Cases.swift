public import Domain
internal import GRDB

/// Long readings of cases, which nothing that is to be saved waits behind.
extension LedgerEvents {
  /// The records of a model version in [from, before), the oldest first.
  public func records(
    of model: ModelID, from: Timestamp, before: Timestamp
  ) throws -> [(id: ShortHash, at: Timestamp, record: Domain.Record)] {
    try Ledger.records(db, of: model, from: from, before: before)
  }

  /// Cases as lists show them, the newest first.
  public func summaries(_ filter: CaseFilter, limit: Int) throws -> [CaseSummary] {
    try Ledger.summaries(db, filter, limit: limit)
  }

  /// Whole cases, the newest first.
  public func cases(_ filter: CaseFilter, limit: Int) throws -> [Case] {
    try Ledger.cases(db, filter, limit: limit)
  }

  /// The windows of a model version of one width that begin in [from, before), the oldest first.
  public func windows(
    of model: ModelID, width seconds: Int64, from: Timestamp, before: Timestamp
  ) throws -> [Window] {
    try Ledger.windows(db, of: model, width: seconds, from: from, before: before)
  }
}
