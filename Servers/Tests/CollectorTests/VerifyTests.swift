internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("Verifying a collector") struct VerifyTests {
  /// Tables, and the columns that are never changed once they are written.
  private static let tables = [
    ("log", "*"), ("audit", "*"), ("publication", PublicationBook.columns), ("token", TokenBook.columns),
  ]

  private static let keys = ["log": "lsn", "audit": "number", "publication": "number", "token": "id"]

  @Test("finds nothing wrong with what was written, whatever came in, and counts it", arguments: Kept.allCases)
  func clean(_ kept: Kept) async throws {
    let filled = try await Filled(kept)
    let report = try Verification(filled.bench.database).run()
    #expect(report.faults == [])
    #expect(report.streams == 4 && report.events == 13 && report.withoutBody == 6)
    #expect(report.publications == 2 && report.tokens == 2 && report.auditEntries == 7)
  }

  @Test("does not take a body that names its kind or analyst in odd characters for one that was changed")
  func oddCharacters() async throws {
    let bench = try Bench()
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let caller = Caller(client: client, token: try bench.token("ana"))
    let bodies = ["\\u0000x", "a\\u0000b", "\u{202E}", "e\u{301}"].map { Stub.body(1, analyst: $0, kind: $0) }
    var events: [OfferedEvent] = []
    for (number, body) in bodies.enumerated() {
      events.append(Stub.event(body, after: events.last, id: UInt64(number + 1), stream: .numbered(1)))
    }
    _ = try await caller.open(.numbered(1))
    #expect(try await caller.verdicts(events).count == 4)
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test("finds a value that was changed in any column of any row, and says where") func columns() async throws {
    let bench = try await Filled(.inSQLite).bench
    var changed = 0
    for (table, columns) in Self.tables {
      let rows = try bench.sqlite { db in
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        for trigger in try String.fetchAll(
          db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", arguments: [table])
        {
          try db.execute(sql: "DROP TRIGGER \(trigger)")
        }
        return try Row.fetchAll(db, sql: "SELECT rowid AS place, \(columns) FROM \(table)")
      }
      for row in rows {
        for column in row.columnNames.dropFirst() {
          guard let other = Self.altered(row[column] as DatabaseValue) else { continue }
          let place = row["place"] as Int64
          let isDone = try bench.sqlite { db in try Self.put(other, table, column, place, db) }
          // A number that another row has.
          guard isDone else { continue }
          changed += 1
          let faults = try Verification(bench.database).run().faults
          #expect(!faults.isEmpty, "\(table).\(column) of row \(place)")
          // A row whose number was changed is found under the new one.
          let now = Self.keys[table] == column ? Int64.fromDatabaseValue(other) ?? place : place
          _ = try bench.sqlite { db in try Self.put(row[column] as DatabaseValue, table, column, now, db) }
        }
      }
      #expect(try Verification(bench.database).run().faults == [])
    }
    #expect(changed > 200)
  }

  private static func put(
    _ value: DatabaseValue, _ table: String, _ column: String, _ place: Int64, _ db: Database
  ) throws -> Bool {
    do {
      try db.execute(sql: "UPDATE \(table) SET \(column) = ? WHERE rowid = ?", arguments: [value, place])
      return true
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      return false
    }
  }

  /// The value with one bit turned; nil where there is none.
  private static func altered(_ value: DatabaseValue) -> DatabaseValue? {
    switch value.storage {
    case .int64(let number): return (number ^ 1).databaseValue
    case .string(let text):
      guard let first = text.utf8.first else { return nil }
      return String(decoding: [first ^ 1] + text.utf8.dropFirst(), as: UTF8.self).databaseValue
    case .blob(let data):
      guard let first = data.first else { return nil }
      return (Data([first ^ 1]) + data.dropFirst()).databaseValue
    case .null, .double: return nil
    }
  }

  @Test(
    "finds what was changed of a stream's opening, and leaves one of before its seal alone", arguments: Kept.allCases)
  func openings(_ kept: Kept) async throws {
    let bench = try await Filled(kept).bench
    let id = StreamID.numbered(1)
    for (column, other) in [
      ("tool", SQLValue.text("tesu")), ("workstation", .text("desl")), ("opened_at", .text("2026")),
      ("token", .integer(2)),
    ] {
      func put(_ value: SQLValue) throws {
        try bench.database.writeNow { db in
          _ = try db.run("UPDATE stream SET \(column) = ? WHERE id = ?", [value, .bytes(id.bytes)])
        }
      }
      let value = try #require(
        try bench.database.readNow { db in
          try db.row("SELECT * FROM stream WHERE id = ?", [.bytes(id.bytes)]).map { try $0[column] }
        })
      try put(other)
      #expect(
        try Verification(bench.database).run().faults.map(\.description)
          == ["stream \(id.hex): by whom, where, with what or when it was opened was changed"], "\(column)")
      try put(value)
    }
    #expect(try Verification(bench.database).run().faults == [])
    try bench.database.writeNow { db in _ = try db.run("UPDATE stream SET seal = NULL, tool = 'older'") }
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test("finds a byte that was changed anywhere in the file, unless the tables read as before") func bytes()
    async throws
  {
    let bench = try await Filled(.inSQLite).bench
    try bench.database.close()
    let whole = [UInt8](try Data(contentsOf: URL(filePath: bench.path("c.db"))))
    let before = try Self.dump(bench.path("c.db"))
    var random = Seeded(state: 41)
    var found = 0
    for number in 0..<150 {
      let place = Int.random(in: 100..<whole.count, using: &random)
      var damaged = whole
      damaged[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
      let path = bench.path("damaged\(number).db")
      try Data(damaged).write(to: URL(filePath: path))
      let after = try? Self.dump(path)
      guard let database = try? CollectorDatabase(at: .file(path), creating: false),
        let faults = try? Verification(database).run().faults
      else {
        // It cannot be opened: nobody needs to be told more.
        found += 1
        continue
      }
      if !faults.isEmpty { found += 1 }
      #expect(!faults.isEmpty || after == before, "byte \(place)")
      try? database.close()
    }
    // Most of such a small file is room: whole pages of it hold a row or none.
    #expect(found > 10)
  }

  private static func dump(_ path: String) throws -> [String] {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let rows = try queue.read { db in
      try tables.flatMap { table, columns in
        try Row.fetchAll(db, sql: "SELECT \(columns) FROM \(table) NOT INDEXED ORDER BY rowid").map { "\($0)" }
      }
    }
    try queue.close()
    return rows
  }

  @Test("names the first bad link of each stream, goes on with the others, and ends with 1") func firstBadLinks()
    async throws
  {
    let filled = try await Filled(.inSQLite)
    let bench = filled.bench
    try bench.sqlite { db in
      try db.execute(sql: "DROP TRIGGER log_stands; DROP TRIGGER log_stays")
      try db.execute(
        sql: "UPDATE log SET body = x'7b7d' WHERE stream = ? AND seq >= 3", arguments: [filled.ana.id.data])
      try db.execute(sql: "DELETE FROM log WHERE stream = ? AND seq = 2", arguments: [StreamID.numbered(4).data])
    }
    let faults = try Verification(bench.database).run().faults.map(\.description)
    #expect(
      faults == [
        "stream \(filled.ana.id.hex) #3: its body is not the one that was hashed",
        "stream \(StreamID.numbered(4).hex) #2: it is gone: a backup has events up to #2",
      ])
    try bench.database.close()
    let run = try Program.run(["verify", "--database", bench.path("c.db")])
    #expect(run.status == 1 && run.output.contains("2 places are not as they were written"), "\(run)")
    let json = try Program.run(["verify", "--json", "--database", bench.path("c.db")])
    #expect(try JSON(parsing: json.output)["faults"]?[0]?["number"] == 3)
  }
}

extension StreamID {
  fileprivate var data: Data { Data(bytes) }
}
