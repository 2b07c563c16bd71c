internal import CPostgres
internal import Glibc

/// One connection to a PostgreSQL server. Its calls block; one caller at a time.
final class PostgresConnection {
  private let raw: OpaquePointer
  /// The server's names of the statements that it has parsed.
  private var prepared: [String: String] = [:]

  /// What holds unless the address says otherwise: nobody waits long for a server that does not answer.
  private static let defaults = [
    ("connect_timeout", "5"), ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
    ("tcp_user_timeout", "20000"), ("application_name", "mds-collector"),
  ]

  init(_ uri: String) throws(StoreError) {
    let words = PostgresConnection.defaults + [("dbname", uri), ("client_encoding", "UTF8")]
    let keys = words.map { strdup($0.0) }
    let values = words.map { strdup($0.1) }
    defer { for word in keys + values { free(word) } }
    let opened = PQconnectdbParams(
      keys.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
    guard let opened else { throw StoreError(.away, "no memory for a connection") }
    guard PQstatus(opened) == CONNECTION_OK else {
      let message = PostgresConnection.plain(PQerrorMessage(opened))
      PQfinish(opened)
      throw StoreError(.away, message)
    }
    raw = opened
    PQsetNoticeProcessor(raw, { _, _ in }, nil)
  }

  deinit { PQfinish(raw) }

  /// Runs statements that have no values; the last one's tag, such as `COMMIT`.
  @discardableResult
  func execute(_ sql: String) throws(StoreError) -> String {
    let result = try checked(PQexec(raw, sql))
    defer { PQclear(result) }
    return String(cString: PQcmdStatus(result))
  }

  /// Runs one statement with its values; its rows, and how many it changed.
  func query(_ sql: String, _ values: [SQLValue] = []) throws(StoreError) -> (rows: [StoredRow], changed: Int) {
    let name = try statement(for: sql)
    let result = try checked(PostgresParameters(values).execute(name, on: raw))
    defer { PQclear(result) }
    return (try PostgresConnection.rows(of: result), Int(String(cString: PQcmdTuples(result))) ?? 0)
  }

  private func statement(for sql: String) throws(StoreError) -> String {
    if let name = prepared[sql] { return name }
    let name = "s\(prepared.count)"
    PQclear(try checked(PQprepare(raw, name, PostgresParameters.numbered(sql), 0, nil)))
    prepared[sql] = name
    return name
  }

  private func checked(_ result: OpaquePointer?) throws(StoreError) -> OpaquePointer {
    let status = PQresultStatus(result)
    if let result, status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK { return result }
    defer { PQclear(result) }
    let state = PostgresConnection.field(0x43, of: result)  // PG_DIAG_SQLSTATE, 'C'
    guard PQstatus(raw) == CONNECTION_OK, let state else {
      throw StoreError(.away, PostgresConnection.plain(PQerrorMessage(raw)))
    }
    let message = PostgresConnection.field(0x4D, of: result) ?? ""  // PG_DIAG_MESSAGE_PRIMARY, 'M'
    throw StoreError(PostgresConnection.kind(of: state), "\(message) (\(state))")
  }

  /// By the classes and codes of the manual's appendix A.
  static func kind(of state: String) -> StoreError.Kind {
    switch state {
    case "40001", "40P01": .conflict
    case "53100": .full
    case "25006", "42501": .readOnly
    // Waited too long for a lock, was cancelled, or the server is being stopped or started.
    case "55P03", "57014", "57P01", "57P02", "57P03", "57P05": .away
    case _ where ["08", "53", "58", "F0", "XX"].contains(state.prefix(2)): .away
    default: .statement
    }
  }

  private static func field(_ code: Int32, of result: OpaquePointer?) -> String? {
    guard let result, let text = PQresultErrorField(result, code) else { return nil }
    return plain(text)
  }

  /// The server's words as one line.
  private static func plain(_ text: UnsafePointer<CChar>?) -> String {
    guard let text else { return "" }
    return String(cString: text).split { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } }
      .joined(separator: " ")
  }

  private static func rows(of result: OpaquePointer) throws(StoreError) -> [StoredRow] {
    let width = PQnfields(result)
    let columns = (0..<width).map { String(cString: PQfname(result, $0)) }
    var rows: [StoredRow] = []
    for row in 0..<PQntuples(result) {
      var values: [SQLValue] = []
      for column in 0..<width { values.append(try value(of: result, row, column)) }
      rows.append(StoredRow(columns: columns, values: values))
    }
    return rows
  }

  /// A value in the binary form of its type.
  private static func value(of result: OpaquePointer, _ row: Int32, _ column: Int32) throws(StoreError) -> SQLValue {
    guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
    switch PQftype(result, column) {
    case 16: return .integer(bytes.first == 0 ? 0 : 1)
    case 20 where bytes.count == 8: return .integer(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
    case 23 where bytes.count == 4: return .integer(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
    case 17: return .bytes(Array(bytes))
    case 25, 1043, 19: return .text(String(decoding: bytes, as: UTF8.self))
    case let type: throw StoreError(.statement, "a column of type \(type), which no table has")
    }
  }
}
