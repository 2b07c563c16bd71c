public import Domain
internal import GRDB

/// Long readings of cases, which nothing that is to be saved waits behind.
extension LedgerEvents {
  /// The records of a context's cases of a model version in [from, before), the oldest first.
  public func records(
    of model: ModelID, context: RawText, from: Timestamp, before: Timestamp
  ) throws -> [(id: ShortHash, at: Timestamp, record: Domain.Record)] {
    try Ledger.records(db, of: model, context: context, from: from, before: before)
  }

  /// Cases as lists show them, the newest first.
  public func summaries(_ filter: CaseFilter, limit: Int) throws -> [CaseSummary] {
    try Ledger.summaries(db, filter, limit: limit)
  }

  /// Whole cases, the newest first.
  public func cases(_ filter: CaseFilter, limit: Int) throws -> [Case] {
    try Ledger.cases(db, filter, limit: limit)
  }

  /// The windows of a model version of one width, over a context's cases, that begin in [from, before), the oldest first.
  public func windows(
    of model: ModelID, context: RawText, width seconds: Int64, from: Timestamp, before: Timestamp
  ) throws -> [Window] {
    try Ledger.windows(db, of: model, context: context, width: seconds, from: from, before: before)
  }
}
