internal import Domain
internal import Export
public import Feedback
internal import SyncProtocol

/// What researchers publish for their analysts. Nothing is changed: a new one of a kind and name takes the place of the
/// one before.
public struct PublicationBook: Sendable {
  /// One line of the list.
  public struct Publication: Hashable, Sendable {
    public var number: Int64
    /// What the recipients' tools, and what they send back, call it.
    public var id: String
    public var kind: String
    public var name: String
    /// Nil for every analyst.
    public var recipient: String?
    /// With the records of a queue, which are fetched beside it.
    public var bytes: Int
    public var publishedAt: String
    /// The devices that it is for, and those that said that they have it.
    public var devices: Int
    public var reached: Int
    /// The number of the withdrawal that ended it for everybody that it was for; nil where there is none.
    public var withdrawnBy: Int64?
  }

  /// The longest body.
  public static let limit = 1 << 20

  let database: CollectorDatabase
  private let now: @Sendable () -> Timestamp

  public init(_ database: CollectorDatabase) { self.init(database, now: { .now }) }

  init(_ database: CollectorDatabase, now: @escaping @Sendable () -> Timestamp) {
    self.database = database
    self.now = now
  }

  /// Publishes for these analysts, or for all; an empty body withdraws what has the name. Analysts' tools take of one kind and
  /// name what has the latest time, so each publication is later than all before it, whatever the clock says. The records of a
  /// queue go with its withdrawal. The identity that each recipient has it under.
  @discardableResult
  public func publish(_ kind: InboxKind, name: String, body: [UInt8], recipients: [String] = []) throws -> [String] {
    guard body.count <= PublicationBook.limit else { throw CollectorError.tooLarge(body.count, PublicationBook.limit) }
    let recipients: [String?] = recipients.isEmpty ? [nil] : recipients
    return try database.writeNow { db in
      let ids = try recipients.map { recipient in
        let last = try db.text("SELECT max(published_at) FROM publication").flatMap { Timestamp($0) }
        let time = max(now(), last.map { Timestamp(microseconds: $0.microseconds + 1) } ?? now())
        let id = Hexadecimal.text(of: Random.bytes(16))
        try db.run(
          "INSERT INTO publication(id, kind, name, recipient, body, published_at) VALUES (?, ?, ?, ?, ?, ?)",
          [
            .text(id), .text(kind.rawValue), .text(name), SQLValue(recipient),
            .bytes(body), .text(time.description),
          ])
        try PublicationBook.audit(id, kind.rawValue, name, recipient, body, db)
        return id
      }
      if kind == .queue, body.isEmpty { _ = try QueueContents.drop(named: name, db) }
      return ids
    }
  }

  /// Removes the records of a queue that a version of before withdrew and left; whether there were any.
  public func dropRecords(ofWithdrawn name: String) throws -> Bool {
    try database.writeNow { db in try QueueContents.drop(named: name, db) > 0 }
  }

  /// What of a publication is never changed.
  static let columns = "number, id, kind, name, recipient, body, published_at"

  /// What the audit remembers of it.
  static func digest(of row: StoredRow) throws -> Hash {
    try RowDigest.of(
      row, columns.split(separator: ",").map { String($0.drop { $0 == " " }) }, domain: "mds-publication1")
  }

  private static func audit(
    _ id: String, _ kind: String, _ name: String, _ recipient: String?, _ body: [UInt8], _ db: any Transaction
  ) throws {
    guard let row = try db.row("SELECT \(columns) FROM publication WHERE id = ?", [.text(id)]) else { return }
    try AuditBook.add(
      body.isEmpty ? .withdraw : .publish, "\(kind) \(id) \(name)",
      [
        JSON.Member("recipient", recipient.map { .text($0) } ?? .null),
        JSON.Member("digest", .text(try digest(of: row).hex)), try AuditBook.place(db),
      ], by: AuditBook.operatorName, db)
  }

  /// Everything that was published, oldest first.
  public func list() throws -> [Publication] {
    try database.readNow { db in
      let devices = try PublicationBook.devices(db)
      let items = try db.rows(
        """
        SELECT number, id, kind, name, recipient, length(body) AS n, published_at,
          CASE WHEN kind = ? THEN body END AS queue
        FROM publication ORDER BY number
        """, [.text(InboxKind.queue.rawValue)]
      ).map { row in
        let (number, recipient) = (try row.integer64("number"), try row.optionalText("recipient"))
        let those = devices.filter { recipient == nil || $0.analyst == recipient }
        let records = try row.bytes("queue").flatMap { try? PublishedQueue(bytes: $0) }?.bytes
        return Publication(
          number: number, id: try row.text("id"), kind: try row.text("kind"), name: try row.text("name"),
          recipient: recipient,
          bytes: try records ?? row.integer("n"), publishedAt: try row.text("published_at"), devices: those.count,
          reached: those.count { $0.reached >= number })
      }
      return PublicationBook.withdrawn(items)
    }
  }

  /// The same with what ended each, oldest first.
  private static func withdrawn(_ items: [Publication]) -> [Publication] {
    var items = items
    var ends: [[String?]: Int64] = [:]
    for index in items.indices.reversed() {
      let item = items[index]
      let (forOne, forAll) = ([item.kind, item.name, item.recipient], [item.kind, item.name, nil])
      if item.bytes == 0 {
        ends[forOne] = item.number
      } else {
        items[index].withdrawnBy = [ends[forOne], ends[forAll]].compactMap(\.self).min()
      }
    }
    return items
  }

  /// The devices that may write, and how far each has what is published. What was said before a restore is not known of
  /// what is published since.
  private static func devices(_ db: any Transaction) throws -> [(analyst: String, reached: Int64)] {
    let epoch = try Epochs.current(db)
    return try db.rows(
      """
      SELECT token.*, coalesce(inbox_ack.number, 0) AS reached
      FROM token LEFT JOIN inbox_ack ON inbox_ack.token = token.id AND inbox_ack.epoch = ?
      WHERE token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > ?)
      """, [SQLValue(epoch), .text(Timestamp.now.description)]
    ).compactMap { row in
      let token = try TokenRecord(row: row)
      return token.scopes.contains(.write) ? (token.analyst, try row.integer64("reached")) : nil
    }
  }

  /// Notes how far a device has what is published, for those who list it; nothing else follows from it.
  func acknowledge(_ receipt: InboxReceipt, by token: TokenRecord) async throws -> InboxReceipt {
    try await database.write { db in
      let epoch = try Epochs.current(db)
      let number = min(Int64(receipt.cursor.number), try PublicationBook.newest(db))
      guard receipt.cursor.epoch == epoch, number > 0 else { return receipt }
      try db.run(
        """
        INSERT INTO inbox_ack(token, epoch, number, at) VALUES (?, ?, ?, ?)
        ON CONFLICT(token) DO UPDATE SET epoch = excluded.epoch, number = excluded.number, at = excluded.at
        WHERE inbox_ack.epoch <> excluded.epoch OR inbox_ack.number < excluded.number
        """, [.integer(token.id), SQLValue(epoch), .integer(number), .text(Timestamp.now.description)])
      return receipt
    }
  }

  /// The number of the newest publication; 0 without one.
  static func newest(_ db: any Transaction) throws -> Int64 {
    Int64(try db.integer("SELECT max(number) FROM publication") ?? 0)
  }

  /// What was decided of cases, as far as it is in force for somebody, by case.
  static func decisions(_ db: any Transaction) throws -> [ShortHash: [Decision]] {
    struct Slot: Hashable {
      var name: String
      var recipient: String?
    }
    let rows = try db.rows(
      "SELECT number, name, recipient, body, published_at FROM publication WHERE kind = ? ORDER BY number",
      [.text(InboxKind.adjudication.rawValue)])
    var newest: [Slot: StoredRow] = [:]
    for row in rows {
      newest[Slot(name: try row.text("name"), recipient: try row.optionalText("recipient"))] = row
    }
    var decisions: [ShortHash: [Decision]] = [:]
    for (slot, row) in newest {
      // What is published or withdrawn for all takes the place of what was published for one before.
      if slot.recipient != nil, let all = newest[Slot(name: slot.name)],
        try all.integer64("number") > row.integer64("number")
      {
        continue
      }
      guard let body = try row.bytes("body"), let content = try? Adjudication(bytes: body),
        let at = Timestamp(try row.text("published_at"))
      else { continue }
      decisions[content.caseID, default: []].append(Decision(content, at: at, isPublished: true))
    }
    return decisions
  }

  /// What queues were published as, by the identity that each recipient has. What was published for several at once has one
  /// body, and so has what was published again as it was.
  static func queueNames(_ db: any Transaction) throws -> [RawText: QueueName] {
    var versions: [String: [[UInt8]: Int]] = [:]
    var names: [RawText: QueueName] = [:]
    let rows = try db.rows(
      "SELECT id, name, body FROM publication WHERE kind = ? AND length(body) > 0 ORDER BY number",
      [.text(InboxKind.queue.rawValue)])
    for row in rows {
      guard let body = try row.bytes("body") else { continue }
      let name = try row.text("name")
      let version = versions[name, default: [:]][body] ?? versions[name, default: [:]].count + 1
      versions[name, default: [:]][body] = version
      names[RawText(try row.text("id"))] = QueueName(name: RawText(name), version: version)
    }
    return names
  }

  /// One at a time: a body may be large, and a page ends by its bytes.
  private static let next = """
    SELECT * FROM publication WHERE number > ? AND (recipient IS NULL OR recipient = ?) ORDER BY number LIMIT 1
    """

  static let pageItems = 100

  /// Items for an analyst from a cursor on, as many at most, up to some bytes. After a restore all comes again: items are known by id.
  func page(
    after cursor: LogCursor, for analyst: String, limit: Int = PublicationBook.pageItems
  ) async throws -> InboxPage {
    try await database.read { db in
      let epoch = try Epochs.current(db)
      var last = cursor.inboxPlace(in: epoch)
      var items: [InboxPage.Item] = []
      var bytes = 0
      while items.count < limit, bytes < LogReader.pageBytes,
        let row = try db.row(PublicationBook.next, [SQLValue(last), .text(analyst)])
      {
        last = try row.integer("number")
        guard let publishedAt = Timestamp(try row.text("published_at")), let body = try row.bytes("body") else {
          throw CollectorError.damagedRow(Int64(last))
        }
        items.append(
          InboxPage.Item(
            id: RawText(try row.text("id")), kind: RawText(try row.text("kind")),
            name: RawText(try row.text("name")), body: body, publishedAt: publishedAt))
        bytes += body.count
      }
      return InboxPage(items: items, next: LogCursor(epoch: epoch, number: last))
    }
  }
}
