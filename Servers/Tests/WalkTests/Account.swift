import Foundation
import TortureReport

/// What processes said that they had saved, against what the ledgers and the collector have when all is over.
struct Account {
  /// Judgements that were said to be saved.
  var saved = 0
  /// Events of the ledgers, each counted once.
  var events = 0
  /// What was said to be saved and is no event, and events that the collector lacks.
  var lost = 0
  /// Rows of the collector's log beyond one for each event.
  var duplicated = 0
  /// Ledgers, and logs of the collector, that are not whole.
  var broken = 0
  /// What is wrong, in words.
  private(set) var faults: [String] = []

  var isClean: Bool { lost == 0 && duplicated == 0 && broken == 0 }

  /// Looks for what was shown in a ledger, and walks its chains. The identities of its events come back.
  mutating func examine(_ desk: Desk, shown: Set<Int>) throws -> Set<String> {
    let listed = try desk.mds(["feedback", "list"])
    let numbers = Set(
      listed.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.flatMap { Int($0) } })
    saved += shown.count
    count("\(desk.name): shown and no event", shown.subtracting(numbers))
    let verified = try desk.mds(["feedback", "verify"])
    if verified.status != 0 {
      broken += 1
      faults.append("\(desk.name): \(verified.text) \(verified.errors)")
    }
    let exported = try desk.mds(["feedback", "export", "--format", "events"])
    let own = Account.identities(in: exported.text)
    if own.count != numbers.count { faults.append("\(desk.name): \(numbers.count) listed, \(own.count) exported") }
    return Set(own)
  }

  /// Looks for these events in the collector's log, and walks that.
  mutating func examine(_ lab: Lab, holds events: Set<String>) throws {
    self.events += events.count
    let exported = try lab.mdsCollector(["export", "--format", "events"])
    let rows = Account.identities(in: exported.text)
    let held = Set(rows)
    count("not at the collector", events.subtracting(held))
    duplicated += rows.count - held.count
    if rows.count != held.count { faults.append("\(rows.count - held.count) rows too many: \(exported.errors)") }
    let verified = try lab.mdsCollector(["verify"])
    if verified.status != 0 {
      broken += 1
      faults.append("the collector: \(verified.text) \(verified.errors)")
    }
  }

  /// Adds what is counted to the report of `make torture`.
  func report(_ part: String, _ name: String, _ number: Int) {
    TortureReport.add(
      part,
      [
        name: number, "saved": saved, "events": events, "lost": lost, "duplicated": duplicated, "broken": broken,
      ])
  }

  private mutating func count<Name: Comparable>(_ what: String, _ names: Set<Name>) {
    lost += names.count
    if !names.isEmpty { faults.append("\(what): \(names.sorted().prefix(20))") }
  }

  private static func identities(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { $0.firstMatch(of: /"event_id":"([0-9a-f]{32})"/).map { String($0.1) } }
  }
}
