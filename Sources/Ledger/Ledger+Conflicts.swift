public import Domain
public import Feedback
internal import GRDB

/// Versions of one's own statement that were made on different devices, none of which replaced another.
public struct OwnVersions: Hashable, Sendable {
  public struct Version: Hashable, Sendable {
    public var event: Event
    public var statement: Feedback.Statement
    /// Whether it was made on this device.
    public var isHere: Bool
  }

  public var caseID: ShortHash
  public var subject: Subject
  /// The one in force first, then by time.
  public var versions: [Version]
}

extension Ledger {
  /// What the analyst has to choose between, the oldest case first.
  public func ownVersions(context: RawText, limit: Int = 50) throws(LedgerError) -> [OwnVersions] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT j.* FROM judgement_now j WHERE j.own = 1 AND length(j.alternatives) > 0 AND (
              EXISTS (SELECT 1 FROM stream s WHERE s.id = j.stream AND s.context = ?1)
              OR EXISTS (SELECT 1 FROM foreign_event f WHERE f.event_id = j.event_id AND \(Ledger.isForeign("f", in: "?1"))))
            ORDER BY j.at LIMIT ?2
            """), arguments: [context.blob, limit]
      ).map { row in
        let standing = try Standing(row)
        let versions = try ([standing.eventID] + standing.alternatives).compactMap { try Ledger.version(db, $0) }
        return OwnVersions(caseID: standing.caseID, subject: standing.subject, versions: versions)
      }.filter { $0.versions.count > 1 }
    }
  }

  /// Says which version stands: an amendment of all of them that repeats the chosen one, made on the same view. Nil where
  /// there is nothing to choose any more.
  public func choose(
    _ chosen: EventID, of caseID: ShortHash, in stream: StreamID, stamp: Stamp
  ) throws(LedgerError) -> Event? {
    try write { db -> Event? in
      let standing = try Ledger.standing(db, of: caseID).first {
        !$0.alternatives.isEmpty && ([$0.eventID] + $0.alternatives).contains(chosen)
      }
      guard let standing, let version = try Ledger.version(db, chosen) else { return nil }
      let seen = try Ledger.seen(db, behind: chosen)
      let between = try version.event.decoded().references.filter { $0.relation == .adjudicates }
      let body = EventBody(
        stamp: stamp, caseID: caseID,
        references: (seen.map { [$0] } ?? []) + between + standing.eventIDs.map { EventReference(.amends, $0) },
        payload: .amend(Amendment(version.statement)))
      var generator = SystemRandomNumberGenerator()
      return try Ledger.insert(db, [EventDraft(body, using: &generator)], into: stream).first
    }
  }

  /// The view that a statement was made on: a redo repeats what was said, and may leave it out.
  static func seen(_ db: Database, behind id: EventID) throws -> EventReference? {
    var open = [id]
    var met: Set<EventID> = []
    while let next = open.popLast() {
      guard met.insert(next).inserted, let body = try? event(db, next)?.decoded() else { continue }
      if let seen = body.references.first(where: { $0.relation == .seen }) { return seen }
      open += body.targets(.redoes) + body.targets(.amends)
    }
    return nil
  }

  private static func version(_ db: Database, _ id: EventID) throws -> OwnVersions.Version? {
    guard let event = try event(db, id), let body = try? event.decoded(),
      let statement = Feedback.Statement(body.payload)
    else {
      return nil
    }
    let isHere = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT 1 FROM event WHERE event_id = ?"), arguments: [id.bytes.blob])
    return OwnVersions.Version(event: event, statement: statement, isHere: isHere != nil)
  }
}
