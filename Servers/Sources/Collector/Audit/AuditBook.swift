public import Domain
internal import Foundation

/// The book of acts that change who may do what, what there is, or who has seen it. Nothing in it is ever changed.
public struct AuditBook: Sendable {
  /// What is written down.
  public enum Action: String, Hashable, Sendable, CaseIterable {
    case createToken = "token.create"
    case revokeToken = "token.revoke"
    /// Requests with tokens that are not in force, so many of them in a while.
    case refuseTokens = "token.refuse"
    case enrol = "enrol"
    case publish = "publish"
    case withdraw = "withdraw"
    /// The first page of the log that a token reads in a while.
    case read = "events.read"
    /// How many pages it were.
    case readOn = "events.read-on"
    case export = "export"
    case importBundle = "import"
    case backup = "backup"
    case restore = "restore"
    case redact = "redact"
    /// Events that were set aside for the name that they were recorded under, which counts as the analyst's own now.
    case release = "release"
  }

  let database: CollectorDatabase

  public init(_ database: CollectorDatabase) { self.database = database }

  /// Whoever runs this process.
  public static var operatorName: String {
    let name = "user \(NSUserName())"
    guard let user = ProcessInfo.processInfo.environment["SUDO_USER"] else { return name }
    return "\(name) by sudo of \(user)"
  }

  /// Writes an act down in the transaction that does it: neither is without the other.
  static func add(
    _ action: Action, _ object: String, _ detail: [JSON.Member] = [], by actor: String, _ db: any Transaction
  ) throws {
    let entry = AuditEntry(
      after: try last(db), at: Timestamp.now.description, actor: actor, action: action.rawValue, object: object,
      detail: JSON.object(detail).serializedString)
    try db.run(
      "INSERT INTO audit(number, at, actor, action, object, detail, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      entry.values)
  }

  /// After which row of the log an act was done: clocks differ, and are set, so a time does not tell what an export knew of.
  static func place(_ db: any Transaction) throws -> JSON.Member {
    JSON.Member("lsn", .integer(Int64(try Epochs.lastRow(db))))
  }

  /// Writes down an act of whoever runs this process that is no transaction of its own; false where that cannot be,
  /// because the tables are read-only: a replica.
  @discardableResult
  public func note(_ action: Action, _ object: String, _ detail: [JSON.Member] = []) throws -> Bool {
    do {
      try database.writeNow { db in try AuditBook.add(action, object, detail, by: AuditBook.operatorName, db) }
      return true
    } catch let error as StoreError where error.kind == .readOnly {
      return false
    }
  }

  /// Writes down that a token reads the log, from a cursor on. A replica, which is read-only, is read without.
  func noteRead(by token: TokenRecord, after cursor: String) async throws {
    do {
      try await database.write { db in
        try AuditBook.add(.read, "log", [JSON.Member("after", .text(cursor))], by: token.actor, db)
      }
    } catch let error as StoreError where error.kind == .readOnly {}
  }

  static func last(_ db: any Transaction) throws -> AuditEntry? {
    try db.row("SELECT * FROM audit ORDER BY number DESC LIMIT 1").map(AuditEntry.init)
  }

  /// Hands over every entry from this time on, oldest first.
  public func forEach(since: Timestamp? = nil, _ body: (AuditEntry) throws -> Void) throws {
    var number: Int64 = 0
    while true {
      let page = try database.readNow { db in
        try db.rows(
          "SELECT * FROM audit WHERE number > ? AND at >= ? ORDER BY number LIMIT 500",
          [.integer(number), .text(since?.description ?? "")]
        ).map(AuditEntry.init)
      }
      for entry in page { try body(entry) }
      guard let last = page.last else { return }
      number = last.number
    }
  }
}

extension TokenRecord {
  /// How the audit names it.
  var actor: String { "token \(id) \(analyst) \(device)" }
}
