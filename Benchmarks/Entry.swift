import Glibc

/// One line of the table: what was measured, and whether it is within its budget.
struct Entry {
  var what: String
  let measured: String
  let budget: String
  /// Nil where there is no budget.
  let isWithin: Bool?

  init(_ what: String, _ measured: String, budget: String = "", isWithin: Bool? = nil) {
    self.what = what
    self.measured = measured
    self.budget = budget
    self.isWithin = isWithin
  }

  /// A time against the most that it may be, both in milliseconds.
  init(_ what: String, milliseconds: Double, atMost limit: Double, note: String = "") {
    self.init(
      what, milliseconds.short + " ms" + (note.isEmpty ? "" : ", " + note), budget: "\(limit.short) ms",
      isWithin: milliseconds <= limit)
  }

  /// Bytes against the most that they may be.
  init(_ what: String, bytes: Int, atMost limit: Int) {
    self.init(what, "\(bytes) B", budget: "\(limit) B", isWithin: bytes <= limit)
  }

  /// A ratio against the most, or the least, that it may be.
  init(_ what: String, _ measured: String, ratio: Double, atMost limit: Double) {
    self.init(what, "\(measured), \(ratio.short)x", budget: "\(limit.short)x", isWithin: ratio <= limit)
  }

  /// Requests a second against another client's, and the least share of them that it may be; nil is no budget.
  init(_ what: String, _ measured: Double, of other: Double, atLeast share: Double? = nil) {
    self.init(
      what, "\(measured.short) / \(other.short) a second, \((measured / other).short)x",
      budget: share.map { "at least \($0.short)x" } ?? "", isWithin: share.map { measured >= other * $0 })
  }

  /// What could not be measured, and why.
  init(_ what: String, failed error: any Error) { self.init(what, "not measured: \(error)", isWithin: false) }
}

/// Rows as a table of text.
struct Table {
  private var rows: [Entry] = []

  /// Measures and shows each row as soon as it is there; a failure is a row, too.
  mutating func add(_ what: String, _ measure: () async throws -> [Entry]) async {
    let new: [Entry]
    do { new = try await measure() } catch { new = [Entry(what, failed: error)] }
    for row in new { Table.show(row.what, row.measured, row.budget, row.isWithin.map { $0 ? "ok" : "OVER" } ?? "") }
    rows += new
  }

  static func show(_ what: String, _ measured: String, _ budget: String, _ verdict: String) {
    print(padded(what, 60) + padded(measured, 40) + padded(budget, 16) + verdict)
    fflush(nil)
  }

  /// How many rows are over their budget.
  var over: Int { rows.filter { $0.isWithin == false }.count }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}

extension Double {
  /// Three figures, as a reader wants them.
  var short: String {
    let places = self >= 100 ? 1.0 : self >= 10 ? 10.0 : self >= 1 ? 100.0 : 1000.0
    let rounded = (self * places).rounded() / places
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
