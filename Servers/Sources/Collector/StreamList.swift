internal import Domain
public import Feedback
internal import SyncProtocol

/// The streams that were opened, as the log has them.
public struct StreamList: Sendable {
  /// How a stream stands.
  public enum State: Hashable, Sendable {
    /// More may come.
    case open
    /// Its analyst ended it: the log has every event of it.
    case complete(at: String, reason: String)
    /// It goes on under another name, because a copy of the ledger exists elsewhere; nothing came under this one since.
    case goesOn(as: StreamID)
  }

  /// One stream.
  public struct Entry: Hashable, Sendable {
    public var id: StreamID
    public var analyst: String
    /// The machine, as it said when the stream was opened.
    public var workstation: String
    public var openedAt: String
    /// The number of its last event here, and of the last in a backup.
    public var events: Int
    public var archived: Int
    /// When the last one came; nil where none did.
    public var receivedAt: String?
    public var state: State
    /// Of a stream that has ended: large records that its views name and that are not here. They are on their way, or its
    /// analyst keeps hashes alone (`keep_inputs`).
    public var missingContents = 0
  }

  private let database: CollectorDatabase

  public init(_ database: CollectorDatabase) { self.database = database }

  /// Every stream, by when it was opened.
  public func entries() throws -> [Entry] {
    let (last, entries) = try database.readNow { db in
      let rows = try db.rows("SELECT * FROM stream ORDER BY opened_at, id")
      // The first event of a fork names the stream that it took the place of.
      var heirs: [StreamID: (id: StreamID, row: Int)] = [:]
      var owners: [StreamID: RawText] = [:]
      for row in rows {
        if let id = try row.bytes("id").flatMap({ StreamID(bytes: $0) }) {
          owners[id] = RawText(try row.text("analyst"))
        }
      }
      for row in rows {
        // Nobody's stream goes on as somebody else's, whatever that one says.
        guard let id = try row.bytes("id").flatMap({ StreamID(bytes: $0) }),
          let first = try db.row(Self.first, [.bytes(id.bytes)]), case .streamFork(let fork) = Self.payload(of: first),
          owners[fork.oldStream] == owners[id]
        else { continue }
        heirs[fork.oldStream] = (id, try first.integer("lsn"))
      }
      let entries = try rows.compactMap { row -> Entry? in
        guard let id = try row.bytes("id").flatMap({ StreamID(bytes: $0) }) else { return nil }
        return try Self.entry(id, row, heirs[id], db)
      }
      return (try Epochs.lastRow(db), entries)
    }
    return try entries.map { entry in
      guard case .complete = entry.state else { return entry }
      var entry = entry
      entry.missingContents = try MissingContents(database).count(upTo: last, of: entry.id)
      return entry
    }
  }

  private static let first = "SELECT lsn, kind, at, body FROM log WHERE stream = ? AND seq = 1"
  private static let last = """
    SELECT lsn, kind, at, body, seq, received_at FROM log WHERE stream = ? ORDER BY seq DESC LIMIT 1
    """

  private static func entry(
    _ id: StreamID, _ row: StoredRow, _ heir: (id: StreamID, row: Int)?, _ db: any Transaction
  ) throws -> Entry {
    let last = try db.row(Self.last, [.bytes(id.bytes)])
    var state = State.open
    // What parted may have been the copy: then this one is written to as before.
    if let heir, try last.map({ try $0.integer("lsn") < heir.row }) ?? true { state = .goesOn(as: heir.id) }
    if let last, try last.optionalText("kind") == EventKind.streamEnd.rawValue {
      // The words may have been redacted: that it ended stays.
      let reason = if case .streamEnd(let words) = payload(of: last) { words.string } else { "" }
      state = .complete(at: try last.optionalText("at") ?? "", reason: reason)
    }
    return Entry(
      id: id, analyst: try row.text("analyst"), workstation: try row.text("workstation"),
      openedAt: try row.text("opened_at"), events: try last?.integer("seq") ?? 0,
      archived: try row.integer("safe_seq"), receivedAt: try last?.text("received_at"), state: state)
  }

  /// What the row's event says, where it is a stream's first or last.
  private static func payload(of row: StoredRow?) -> EventPayload? {
    let kinds = [EventKind.streamFork.rawValue, EventKind.streamEnd.rawValue]
    guard let row, let kind = try? row.optionalText("kind"), kinds.contains(kind), let body = try? row.bytes("body")
    else { return nil }
    return try? EventBody(bytes: body).payload
  }
}
