internal import Domain
internal import Feedback

/// Looks whether the tables are as they were written. Each stream is walked from its stored bytes to its head, and so is
/// the audit; a server may go on meanwhile.
public struct Verification: Sendable {
  /// The first thing that is wrong in one place.
  public struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// A stream, or a table.
    public var place: String
    /// Which event, entry or row of it; nil for the whole.
    public var number: Int?
    public var reason: String

    public var description: String { "\(place)\(number.map { " #\($0)" } ?? ""): \(reason)" }
  }

  /// What was looked at, and what was found.
  public struct Report: Hashable, Sendable {
    public var streams = 0
    /// Those of them whose analyst ended them: nothing is missing at their end either.
    public var complete = 0
    public var events = 0
    /// Events whose body is not there: withheld by the sender, kept with another row, or redacted.
    public var withoutBody = 0
    public var auditEntries = 0
    public var publications = 0
    public var tokens = 0
    /// Large contents that are here whole.
    public var contents = 0
    /// Large contents that views name and that are not here whole: on their way, lost with a restore, in which case the
    /// device that has them sends them again, or kept as a hash alone, as the analyst's configuration has it. No fault.
    public var missingContents = 0
    public var faults: [Fault] = []
  }

  let database: CollectorDatabase

  public init(_ database: CollectorDatabase) { self.database = database }

  /// Walks everything that is there when it begins.
  public func run() throws -> Report {
    var report = Report()
    let last = try database.readNow(Epochs.lastRow)
    try walkStreams(upTo: last, &report)
    attempt("log", &report) { report in try count(upTo: last, &report) }
    let records = AuditWalk(database: database).run(&report)
    attempt("publication", &report) { report in try comparePublications(records.publications, &report) }
    attempt("token", &report) { report in try compareTokens(records.tokens, &report) }
    attempt("blob", &report) { report in
      try hashContents(&report)
      report.missingContents = try MissingContents(database).count(upTo: last)
    }
    for complaint in try database.store.check() {
      report.faults.append(Fault(place: "database", number: nil, reason: complaint))
    }
    return report
  }

  /// What cannot be read is a fault like another.
  private func attempt(_ place: String, _ report: inout Report, _ body: (inout Report) throws -> Void) {
    do {
      try body(&report)
    } catch {
      report.faults.append(Fault(place: place, number: nil, reason: "it cannot be read: \(error)"))
    }
  }

  private func walkStreams(upTo last: Int, _ report: inout Report) throws {
    var id = [UInt8]()
    while true {
      let page = try database.readNow { [id] db in
        try db.rows("SELECT * FROM stream WHERE id > ? ORDER BY id LIMIT 100", [.bytes(id)])
      }
      for stream in page {
        report.streams += 1
        let walk = StreamWalk(database: database, stream: stream, last: last)
        if let fault = walk.run(&report) { report.faults.append(fault) }
      }
      guard let next = try page.last?.bytes("id") else { return }
      id = next
    }
  }

  /// What no walk meets: rows of streams that nobody opened, and rows that are gone.
  private func count(upTo last: Int, _ report: inout Report) throws {
    let lost = try database.readNow { db in
      try db.integer(
        "SELECT count(*) FROM log WHERE lsn <= ? AND NOT EXISTS (SELECT 1 FROM stream WHERE id = log.stream)",
        [SQLValue(last)]) ?? 0
    }
    if lost > 0 { report.faults.append(Fault(place: "log", number: nil, reason: "\(lost) rows are of no stream")) }
    let (numbered, rows) = try database.readNow { db in
      let from = try RowSeal.from(db)
      let rows = try db.integer(
        "SELECT count(*) FROM log WHERE lsn > ? AND lsn <= ?", [SQLValue(from), SQLValue(last)])
      return (max(0, last - from), rows ?? 0)
    }
    if rows != numbered {
      report.faults.append(
        Fault(place: "log", number: nil, reason: "\(numbered) rows were numbered, \(rows) are there"))
    }
  }

  /// Publications beside what the audit says of them, some at a time: each may be large.
  private func comparePublications(_ known: [String: String], _ report: inout Report) throws {
    var seen: Set<String> = []
    var number: Int64 = 0
    while true {
      let page = try database.readNow { [number] db in
        try db.rows(
          "SELECT \(PublicationBook.columns) FROM publication WHERE number > ? ORDER BY number LIMIT 20",
          [.integer(number)])
      }
      for row in page {
        report.publications += 1
        number = try row.integer64("number")
        let id = try row.text("id")
        seen.insert(id)
        guard let digest = known[id], try digest != PublicationBook.digest(of: row).hex else { continue }
        report.faults.append(
          Fault(place: "publication", number: Int(number), reason: "it is not what was published"))
      }
      guard page.count == 20 else { break }
    }
    for id in known.keys.sorted() where !seen.contains(id) {
      report.faults.append(Fault(place: "publication", number: nil, reason: "\(id) is gone"))
    }
  }

  private func hashContents(_ report: inout Report) throws {
    var faults: [Fault] = []
    var count = 0
    try BlobBook(database).forEach { hash, isIntact in
      count += 1
      if !isIntact {
        faults.append(Fault(place: "content \(hash.hex)", number: nil, reason: "it is not what its hash says"))
      }
    }
    report.contents = count
    report.faults += faults
  }

  private func compareTokens(_ known: [Int: String], _ report: inout Report) throws {
    var seen: Set<Int> = []
    for row in try database.readNow({ db in try db.rows("SELECT \(TokenBook.columns) FROM token ORDER BY id") }) {
      report.tokens += 1
      let number = try row.integer("id")
      seen.insert(number)
      guard let digest = known[number], try digest != TokenBook.digest(of: row).hex else { continue }
      report.faults.append(Fault(place: "token", number: number, reason: "it is not what was made"))
    }
    for number in known.keys.sorted() where !seen.contains(number) {
      report.faults.append(Fault(place: "token", number: number, reason: "it is gone"))
    }
  }
}
