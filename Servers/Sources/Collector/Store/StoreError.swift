/// Why the store did not do something, by what has to happen next.
struct StoreError: Error, Hashable, CustomStringConvertible {
  enum Kind: Hashable, Sendable {
    /// The statement is wrong, or what it wants is against a rule of the tables: whatever else is under way may stand.
    case statement
    /// There is no room: nothing is written until there is.
    case full
    /// The disk failed: only a new start reads what is there.
    case disk
    /// The store cannot be reached now: what was under way may or may not be done, and nobody was told that it is.
    case away
    /// Another transaction was in the way: the same once more may go well.
    case conflict
    /// The store lets nobody write.
    case readOnly
  }

  var kind: Kind
  /// The store's own words.
  var description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
