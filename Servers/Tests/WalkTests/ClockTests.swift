import Foundation
import PtyTesting
import Testing

/// Clocks that are wrong, stand still or jump: the real programs under libfaketime.
@Suite("A clock that is wrong", .serialized)
struct ClockTests {
  /// `make torture` asks for two hundred runs.
  private static let runs = ProcessInfo.processInfo.environment["MDS_CLOCKS"].flatMap { Int($0) } ?? 3
  private static let runsPerLedger = 10

  /// What a clock says before a judgement is begun, between that and its being saved, and after.
  private struct Course {
    var before: String
    var between: String
    var after: String
  }

  private static let courses = [
    Course(before: "+10y", between: "+10y", after: "+10y"),
    Course(before: "-10y", between: "-10y", after: "-10y"),
    Course(before: "+0", between: "-10y", after: "+10y"),
    Course(before: "+0", between: "+10y", after: "-10y"),
    Course(before: "+0", between: "-1h", after: "-2h"),
    Course(before: "-1d", between: "-2d", after: "+0"),
    // It stands.
    Course(before: "2031-03-30 01:59:59", between: "2031-03-30 01:59:59", after: "2031-03-30 01:59:59"),
    Course(before: "2031-03-30 01:59:59", between: "2031-03-30 01:59:58", after: "1971-01-01 00:00:00"),
    // The last second that 32 bits hold, and the one after it.
    Course(before: "2038-01-19 03:14:07", between: "2038-01-19 03:14:08", after: "2038-01-19 03:14:08"),
  ]

  @Test(
    "costs no event, brings none twice and breaks no chain, at the analyst's and at the collector's",
    .enabled(if: FalseClocks.isPossible, "faketime is not installed"))
  func clocks() throws {
    let lab = try Lab()
    let clocks = try FalseClocks(lab.scratch)
    // What goes by a clock ends before the clocks do.
    defer {
      lab.close()
      clocks.close()
    }
    let theirs = try clocks.clock("collector")
    var collector = try lab.collector(["--rate-limit", "0"], environment: theirs.environment)
    let records = try lab.records(30)
    var (account, events) = (Account(), Set<String>())
    var moved = 0
    for first in stride(from: 0, to: Self.runs, by: Self.runsPerLedger) {
      let desk = try Desk("clock\(first)", lab.scratch, lab.service, scoring: [])
      #expect(try desk.mds(["infer", "wine", "--input", records]).status == 0)
      let token = try desk.token(of: lab.database, ["--scope", "write"])
      #expect(try desk.mds(["connect", collector.url, "--token-file", token]).status == 0)
      let clock = try clocks.clock(desk.name)
      var shown = Set<Int>()
      for run in first..<min(Self.runs, first + Self.runsPerLedger) {
        let course = Self.courses[(run + first / Self.runsPerLedger) % Self.courses.count]
        try theirs.set(["+0", "+10y", "-10y", "-1h", "2031-03-30 01:59:59"][run % 5])
        shown.formUnion(try work(course, clock, desk))
        moved += 1
        if run % 3 == 0 { try sync(desk, clock.environment) }
        // A collector is started anew under another clock than it had.
        if run % 20 == 19 {
          collector.kill()
          collector = try lab.collector(after: collector, ["--rate-limit", "0"], environment: theirs.environment)
        }
      }
      try checkClock(of: desk)
      try sync(desk, [:])
      events.formUnion(try account.examine(desk, shown: shown))
    }
    try theirs.set("+0")
    try account.examine(lab, holds: events)
    account.report("clocks", "runs", moved)
    #expect(account.isClean, "\(account)")
    #expect(account.saved >= 2 * Self.runs)
  }

  /// Saves two judgements while the clock goes its course; every other time it is also moved while they are written.
  private func work(_ course: Course, _ clock: FalseClock, _ desk: Desk) throws -> Set<Int> {
    try clock.set(course.before)
    let session = try Session(desk, environment: clock.environment)
    try session.type("a", hears: "Your call: agree")
    try clock.set(course.between)
    try session.beginSave()
    // While it is written the clock goes back and forth.
    for time in [course.after, course.before, course.after] { try clock.set(time) }
    try session.endSave()
    try session.save()
    if Bool.random() { try session.quit() } else { session.kill() }
    return session.shown
  }

  private func sync(_ desk: Desk, _ environment: [String: String]) throws {
    var clocked = desk
    clocked.environment.merge(environment) { $1 }
    let synced = try clocked.mds(["sync"])
    #expect(synced.text.contains("nothing waits"), "\(synced)")
  }

  /// The clock of the programs was moved: an event of another time than ours shows it.
  private func checkClock(of desk: Desk) throws {
    let listed = try desk.mds(["feedback", "list"]).text
    let years = Set(listed.matches(of: /\s(\d{4})-\d\d-\d\dT/).compactMap { Int($0.1) })
    let now = Calendar(identifier: .gregorian).component(.year, from: Date())
    #expect(years.contains { abs($0 - now) >= 4 }, "\(listed)")
  }
}
