public import Domain
public import Feedback

/// A log of events as it stood at one moment: every walk over it meets the same events.
public protocol ExportLog {
  /// Hands over the events to export, in the log's order, each identity once.
  func forEach(_ body: (ExportEntry) throws -> Void) throws

  /// Hands over the judgements before the part to export that may read otherwise since: those of cases of which the part
  /// says something. Of those of which the log itself knows that they have changed, it says so: without their bodies, the
  /// ones whose words were removed meanwhile, and the ones whose record or notes were removed, whose record came, or whose
  /// case researchers decided.
  func forEachEarlier(_ body: (ExportEntry, _ hasChanged: Bool) throws -> Void) throws

  /// What was said of a case before the part to export.
  func earlierStatements(about caseID: ShortHash) throws -> [Event]

  /// The judgements of a case that say something, whenever they came in, of whom the export is to have; in the log's order.
  func judgements(of caseID: ShortHash) throws -> [ExportEntry]

  /// The newest view of a case; nil where none is here.
  func newestView(of caseID: ShortHash) throws -> Event?

  /// The event with this identity, also where it is not among those to export.
  func event(_ id: EventID) throws -> Event?

  /// What was said of a case, taken back and removed, by anybody, also where it is not among the events to export.
  func statements(about caseID: ShortHash) throws -> [Event]

  /// What stays of statements on a case whose words the keeper of the log removed.
  func remains(about caseID: ShortHash) throws -> [EventID: Remains]

  /// What researchers decided of a case, as far as it is in force.
  func published(about caseID: ShortHash) throws -> [Decision]

  /// What the queue with this identity was published as; nil where that is not known here, or it is an analyst's own.
  func queue(_ id: RawText) throws -> QueueName?

  /// What an event names by its hash because it is too large for it; nil where it is not here.
  func content(of hash: Hash) throws -> [UInt8]?
}

extension ExportLog {
  public func forEachEarlier(_ body: (ExportEntry, _ hasChanged: Bool) throws -> Void) throws {}

  public func earlierStatements(about caseID: ShortHash) throws -> [Event] { [] }

  public func remains(about caseID: ShortHash) throws -> [EventID: Remains] { [:] }

  public func published(about caseID: ShortHash) throws -> [Decision] { [] }

  public func queue(_ id: RawText) throws -> QueueName? { nil }
}

/// An event with what its log knows of it.
public struct ExportEntry: Hashable, Sendable {
  /// The analyst is who the log says it is; the body may hold an earlier name.
  public var event: Event
  /// When the collector took it in; nil in an analyst's own ledger.
  public var receivedAt: Timestamp?

  public init(_ event: Event, receivedAt: Timestamp? = nil) {
    self.event = event
    self.receivedAt = receivedAt
  }
}
