internal import Domain

/// Where else the words of a statement stand: a redo says them again, and so does a choice between two devices.
public struct StatementCopies: Hashable, Sendable {
  /// Events that say the same, and nothing else, by time.
  public private(set) var copies: [Event] = []
  /// Those that have its words and say something else as well.
  public private(set) var similar: [Event] = []

  /// Among the analyst's own statements on the case.
  public init(of id: EventID, among entries: [Fold.Entry]) {
    let said = entries.compactMap { entry in Statement(entry.body.payload).map { (entry: entry, statement: $0) } }
    guard let target = said.first(where: { $0.entry.event.eventID == id })?.statement else { return }
    let repeated = StatementCopies.repetitions(of: id, target, among: said)
    let words = target.freeText.string
    for (entry, statement) in said.sorted(by: { $0.entry.isBefore($1.entry) }) where entry.event.eventID != id {
      if repeated.contains(entry.event.eventID) || !words.isEmpty && statement.saysTheSame(as: target) {
        copies.append(entry.event)
      } else if !words.isEmpty, statement.freeText.string.contains(words) {
        similar.append(entry.event)
      }
    }
  }

  /// What says the same again in its place, and what does so in the place of that, however long it took. Without words of
  /// one's own nothing else counts: who came back to `agree` had said something else between, and what it was said in the
  /// place of was there before.
  private static func repetitions(
    of id: EventID, _ target: Statement, among said: [(entry: Fold.Entry, statement: Statement)]
  ) -> Set<EventID> {
    var met: Set<EventID> = [id]
    var isGrowing = true
    while isGrowing {
      let found = said.filter { entry, statement in
        statement.saysTheSame(as: target) && !met.contains(entry.event.eventID)
          && (entry.body.targets(.redoes) + entry.body.targets(.amends)).contains(where: met.contains)
      }
      met.formUnion(found.map(\.entry.event.eventID))
      isGrowing = !found.isEmpty
    }
    return met.subtracting([id])
  }
}

extension Fold.Entry {
  fileprivate func isBefore(_ other: Fold.Entry) -> Bool {
    (event.at, event.eventID) < (other.event.at, other.event.eventID)
  }
}
