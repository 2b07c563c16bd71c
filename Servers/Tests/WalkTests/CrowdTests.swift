import Foundation
import PtyTesting
import Testing

/// Processes that save at the same time.
@Suite("Many at once", .serialized)
struct CrowdTests {
  /// `make torture` goes on for a minute, and until there are ten thousand events.
  private static let events = ProcessInfo.processInfo.environment["MDS_CROWD"].flatMap { Int($0) }
  private static let seconds = events == nil ? 0.0 : 60

  /// Saves until there are enough events, all sessions at the same time; each is left when its queue is done, and opened anew.
  /// The numbers that are said go on with each event of a ledger; `count` makes of the last of each how many there are.
  private func saveTogether(
    _ desks: [Desk], atLeast events: Int, counting count: ([Int]) -> Int, beside act: (_ round: Int) throws -> Void
  ) throws -> [Set<Int>] {
    let began = Pty.now()
    var shown = desks.map { _ in Set<Int>() }
    func isEnough() -> Bool { count(shown.map { $0.max() ?? 0 }) >= events && Pty.now() - began >= Self.seconds }
    while !isEnough() {
      let sessions = try desks.map { try Session($0) }
      for round in 0..<(sessions.map(\.rows).min() ?? 0) where !isEnough() {
        for session in sessions { try session.beginSave() }
        try act(round)
        for (index, session) in sessions.enumerated() {
          try session.endSave()
          shown[index].formUnion(session.shown)
        }
      }
      for session in sessions { try session.quit() }
    }
    return shown
  }

  @Test(
    "two sessions save in one ledger while a third sends: all that was called saved is there once, and arrives once")
  func oneLedger() throws {
    let lab = try Lab()
    defer { lab.close() }
    let desk = try lab.desk("ana", scoring: [], at: try lab.collector(["--rate-limit", "0"]))
    let scored = try desk.mds(["infer", "wine", "--input", lab.records(Self.events.map { max(5000, $0 / 2) } ?? 40)])
    #expect(scored.status == 0, "\(scored.errors)")
    let third = try Session(desk)
    let shown = try saveTogether([desk, desk], atLeast: Self.events ?? 10, counting: { $0.max() ?? 0 }) { round in
      // Asked for while both save; what it says first is that it is at it, or that another one is.
      if round % 5 == 0 { try third.type(":sync", hears: "sync") }
    }
    try third.quit()
    var account = Account()
    // No number is said twice: each stands for one event.
    #expect(shown[0].isDisjoint(with: shown[1]))
    let synced = try desk.mds(["sync"])
    #expect(synced.text.contains("nothing waits"), "\(synced)")
    let own = try account.examine(desk, shown: shown[0].union(shown[1]))
    try account.examine(lab, holds: own)
    account.report("sessions", "sessions", 3)
    #expect(account.isClean, "\(account)")
    #expect(account.events >= Self.events ?? 10)
  }

  @Test("many devices send to one collector: all that each called saved arrives once, in whole streams")
  func manyDevices() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector(["--rate-limit", "0"])
    let count = Self.events == nil ? 2 : 16
    let records = try lab.records(Self.events.map { max(400, $0 / 8) } ?? 20)
    let desks = try (0..<count).map { number in
      let desk = try Desk("device\(number)", lab.scratch, lab.service, scoring: [])
      #expect(try desk.mds(["infer", "wine", "--input", records]).status == 0)
      // Two devices for each analyst: what is judged on one is not in the other's next queue.
      let token = try desk.token(
        of: lab.database, analyst: "analyst\(number / 2)@lab", device: "device\(number)", ["--scope", "write"])
      #expect(try desk.mds(["connect", collector.url, "--token-file", token]).status == 0)
      return desk
    }
    let shown = try saveTogether(desks, atLeast: Self.events ?? 16, counting: { $0.reduce(0, +) }) { _ in }
    var (account, own) = (Account(), Set<String>())
    for (desk, shown) in zip(desks, shown) {
      let synced = try desk.mds(["sync"])
      #expect(synced.text.contains("nothing waits"), "\(synced)")
      own.formUnion(try account.examine(desk, shown: shown))
    }
    try account.examine(lab, holds: own)
    account.report("devices", "devices", count)
    #expect(account.isClean, "\(account)")
    #expect(account.events >= Self.events ?? 16)
  }
}
