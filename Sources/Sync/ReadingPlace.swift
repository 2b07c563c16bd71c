public import Domain
public import Ledger

/// What is read from a collector page by page. Each context has a place of its own in each: another one that reads from
/// the same collector takes nothing from it.
public enum ReadingPlace: String, CaseIterable, Sendable {
  case log
  /// The analyst's own of the log, where the token reads nobody else's.
  case own = "own log"
  case inbox

  /// Under which name a ledger keeps how far a context has read.
  func key(context: RawText, address: String) -> String { "\(rawValue) of \(context.string) at \(address)" }

  /// Goes on at another address of the same collector where reading stopped at the former one.
  public static func move(
    in ledger: Ledger, context: RawText, from former: String, to address: String
  ) throws(LedgerError) {
    for place in allCases {
      let (old, new) = (place.key(context: context, address: former), place.key(context: context, address: address))
      guard let cursor = try ledger.value(for: old), try ledger.value(for: new) == nil else { continue }
      try ledger.set(cursor, for: new)
    }
  }
}
