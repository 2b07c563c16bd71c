import Foundation
import PtyTesting
import Testing

/// A ledger that there is twice, or as it was before: the real programs, a home with everything in it.
@Suite("A ledger that there is twice", .serialized)
struct CloneTests {
  /// `make torture` makes fifty; else one, as chance has it.
  private static let clones = ProcessInfo.processInfo.environment["MDS_CLONES"].flatMap { Int($0) } ?? 1

  /// How it comes about.
  private enum Way: CaseIterable {
    /// A copy of the home while nobody is in it.
    case atRest
    /// A copy of the home, file by file, while a session saves.
    case whileRunning
    /// One machine becomes two, and an analyst works on both at once.
    case machine
    /// The home as it was before takes the place of today's.
    case oldHome
    /// The same of the ledger alone, by the command that is meant for it.
    case backup
  }

  @Test("loses nothing of either, and brings nothing twice, whichever way it came about")
  func clones() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector(["--rate-limit", "0"])
    let records = try lab.records(12)
    var (account, events) = (Account(), Set<String>())
    let ways = Way.allCases.shuffled()
    for number in 0..<Self.clones {
      let home = try Home("home\(number)", lab, at: collector, records: records)
      events.formUnion(try live(ways[number % ways.count], home, &account))
    }
    try account.examine(lab, holds: events)
    account.report("clones", "clones", Self.clones)
    #expect(account.isClean, "\(account)")
  }

  private func work(_ desk: Desk, _ count: Int) throws -> Set<Int> {
    let session = try Session(desk)
    try session.save(count)
    try session.quit()
    return session.shown
  }

  private func sync(_ desks: Desk...) throws {
    for desk in desks {
      let synced = try desk.mds(["sync"])
      #expect(synced.text.contains("nothing waits"), "\(desk.name): \(synced)")
    }
  }

  /// Works in a home, makes a second one of it or puts it back, works on; what there is of events in all of them.
  private func live(_ way: Way, _ home: Home, _ account: inout Account) throws -> Set<String> {
    let (desk, name) = (home.desk, home.desk.name + "-copy")
    let before = try work(desk, 2)
    if Bool.random() { try sync(desk) }
    let copy: Home
    var (own, copied) = (before, before)
    switch way {
    case .atRest: copy = try home.copy(to: name)
    case .whileRunning:
      let session = try Session(desk)
      try session.beginSave()
      copy = try home.copy(to: name)
      try session.endSave()
      try session.quit()
      own.formUnion(session.shown)
    case .machine:
      let first = try Session(desk)
      try first.save()
      copied.formUnion(first.shown)
      copy = try home.copy(to: name)
      let second = try Session(copy.desk)
      for _ in 0..<2 {
        for session in [first, second] { try session.beginSave() }
        for session in [first, second] { try session.endSave() }
      }
      for session in [first, second] { try session.quit() }
      own.formUnion(first.shown)
      copied.formUnion(second.shown)
    case .oldHome, .backup: return try goBack(way, home, before, &account)
    }
    own.formUnion(try work(desk, 1))
    copied.formUnion(try work(copy.desk, 2))
    // The first to come keeps the name that both have; which one that is does not matter.
    if Bool.random() { try sync(desk, copy.desk, desk) } else { try sync(copy.desk, desk, copy.desk) }
    return try account.examine(desk, shown: own).union(try account.examine(copy.desk, shown: copied))
  }

  /// What was said between is with the collector; the home itself knows nothing of it any more.
  private func goBack(_ way: Way, _ home: Home, _ before: Set<Int>, _ account: inout Account) throws -> Set<String> {
    let (desk, backup) = (home.desk, home.path + "-backup.sqlite")
    let copy = way == .oldHome ? try home.copy(to: desk.name + "-copy") : nil
    if copy == nil { #expect(try desk.mds(["ledger", "backup", backup]).status == 0) }
    let between = try work(desk, 2)
    try sync(desk)
    let gone = try account.examine(desk, shown: before.union(between))
    if let copy {
      try home.replace(by: copy)
    } else {
      let restored = try desk.mds(["ledger", "restore", backup])
      #expect(restored.status == 0, "\(restored)")
    }
    let after = try work(desk, 2)
    try sync(desk, desk)
    return gone.union(try account.examine(desk, shown: before.union(after)))
  }
}
