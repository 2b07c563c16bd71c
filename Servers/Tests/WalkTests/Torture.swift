import Foundation
import Frames
import Glibc
import PtyTesting

/// Kills the workbench with SIGKILL at random moments while judgements are saved, and looks in its ledger for every
/// number that it had shown as saved.
struct Torture {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  struct Report: CustomStringConvertible {
    var kills = 0
    /// Judgements that the screen showed as saved.
    var shown = 0
    /// Events that were in the ledgers afterwards.
    var events = 0
    /// Kills that came while a judgement was on its way, before its number was shown.
    var inFlight = 0
    /// Numbers that were shown and are no events.
    var lost: [Int] = []
    /// What `feedback verify` said of ledgers whose chains are not whole.
    var broken: [String] = []

    var description: String {
      "\(kills) kills, \(inFlight) of them with a judgement on its way; \(shown) shown as saved, "
        + "\(events) events kept, \(lost.count) lost, \(broken.count) chains broken"
    }
  }

  /// As many kills as the cases of one ledger are sure to last.
  private static let killsPerLedger = 60
  /// The most judgements that one run shows as saved before it is killed.
  private static let savesPerRun = 3

  let service: String
  let folder: String
  private(set) var report = Report()

  init(service: String, folder: String) {
    self.service = service
    self.folder = folder
  }

  /// Scores the wines, and kills as often as asked; each ledger begins as a copy of the scored one.
  mutating func run(kills: Int) throws {
    let scored = folder + "/scored.sqlite"
    let records = Paths.repository + "/fixtures/records/wine.jsonl"
    let answer = try output(of: [Paths.mds, "infer", "wine", "--input", records] + target(scored))
    guard answer.status == 0 else { throw Failure(description: "mds infer ended with \(answer.status)") }
    while report.kills < kills {
      let ledger = folder + "/ledger-\(report.kills).sqlite"
      try FileManager.default.copyItem(atPath: scored, toPath: ledger)
      var shown: Set<Int> = []
      for _ in 0..<min(Self.killsPerLedger, kills - report.kills) {
        try round(on: target(ledger), newest: shown.max() ?? 0, shown: &shown)
        report.kills += 1
      }
      try examine(target(ledger), shown)
      try FileManager.default.removeItem(atPath: ledger)
      print(report)
    }
  }

  private func target(_ ledger: String) -> [String] {
    ["--service", service, "--context", "torture", "--ledger", ledger]
  }

  /// Opens the review queue, saves a few judgements, and kills at some moment after the last was asked for.
  private mutating func round(on target: [String], newest: Int, shown: inout Set<Int>) throws {
    var newest = newest
    let terminal = try Pty(Paths.mds, ["open"] + target)
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    for _ in 0..<Int.random(in: 1...Self.savesPerRun) {
      try terminal.send("as")
      let before = newest
      let screen = try terminal.wait(for: "a number above #\(before)") { Self.saved(on: $0) > before }
      newest = Self.saved(on: screen)
      shown.insert(newest)
    }
    try terminal.send("as")
    terminal.listen(milliseconds: Int.random(in: 0...100))
    terminal.signal(SIGKILL)
    guard try terminal.waitForExit() == .signal(Int(SIGKILL)) else {
      throw Failure(description: "the workbench ended by itself:\n\(terminal.screen.text)")
    }
    // What had reached the terminal before the kill was shown.
    let last = Self.saved(on: terminal.screen)
    if last > newest { shown.insert(last) } else { report.inFlight += 1 }
  }

  private mutating func examine(_ target: [String], _ shown: Set<Int>) throws {
    let listed = try output(of: [Paths.mds, "feedback", "list"] + target).text
    let kept = Set(listed.split(separator: "\n").compactMap { $0.split(separator: " ").first.flatMap { Int($0) } })
    let verified = try output(of: [Paths.mds, "feedback", "verify"] + target)
    report.shown += shown.count
    report.events += kept.count
    report.lost += shown.subtracting(kept).sorted()
    if verified.status != 0 { report.broken.append(verified.text) }
  }

  /// The number in the toast `saved #N …  z undo`; 0 where there is none. A toast that is not whole is none.
  static func saved(on screen: VirtualScreen) -> Int {
    for line in screen.lines {
      guard let toast = line.firstMatch(of: /saved #(\d+) .*z undo/) else { continue }
      return Int(toast.1) ?? 0
    }
    return 0
  }
}
