import Foundation
import Frames
import PtyTesting
import Testing
import TortureReport

@Suite("A disk whose calls fail now and then")
struct FailingCallsTests {
  /// `make torture` asks for all that the queue has.
  private static let saves = ProcessInfo.processInfo.environment["MDS_KILLS"] == nil ? 10 : 38

  /// What fails, and how often: to begin a new log takes dozens of writes that all succeed.
  private static let calls = [("rw/pwrite", 0.003), ("rw/pread", 0.001), ("sync/fdatasync", 0.15)]

  @Test("refuses a judgement in words or saves it, holds all that it called saved, and goes on")
  func unreliable() throws {
    let lab = try Lab()
    defer { lab.close() }
    let desk = try lab.desk("ana")
    let pipes = lab.path + "/fiu"
    // libfiu stands before the C library: it answers as a disk would that refuses.
    let terminal = try Pty("/usr/bin/fiu-run", ["-x", "-f", pipes, Paths.mds, "open"] + desk.target)
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    func fail(_ command: String) throws {
      let answer = try output(of: ["/usr/bin/fiu-ctrl", "-f", pipes, "-c", command, "\(terminal.process)"])
      try #require(answer.status == 0, "\(answer.text) \(answer.errors)")
    }
    for (call, chance) in Self.calls {
      try fail("enable_random name=posix/io/\(call),probability=\(chance)")
    }
    var (shown, refused): (Set<Int>, Int) = ([], 0)
    while shown.count < 38, shown.count < Self.saves || refused == 0 {
      try terminal.send("as")
      var tries = 0
      while shown.union([0]).contains(Torture.saved(on: terminal.screen)) {
        tries += 1
        try #require(tries < 200, "\(terminal.screen.text)")
        terminal.settle()
        if terminal.screen.contains("✗") { refused += 1 }
        // A judgement that was refused stands as it was entered. Where none stands it was saved meanwhile, and this key's
        // own answer took the place of what said so: the next one is judged.
        guard shown.union([0]).contains(Torture.saved(on: terminal.screen)) else { break }
        try terminal.send(terminal.screen.contains("nothing to save") ? "as" : "s")
      }
      shown.insert(Torture.saved(on: terminal.screen))
    }
    for (call, _) in Self.calls { try fail("disable name=posix/io/\(call)") }
    try terminal.send("as")
    try terminal.wait(for: "one more number") { !shown.union([0]).contains(Torture.saved(on: $0)) }
    shown.insert(Torture.saved(on: terminal.screen))
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))

    let verified = try output(of: [Paths.mds, "feedback", "verify"] + desk.target)
    #expect(verified.status == 0, "\(verified.text) \(verified.errors)")
    let listed = try output(of: [Paths.mds, "feedback", "list"] + desk.target).text
    let kept = Set(listed.split(separator: "\n").compactMap { $0.split(separator: " ").first.flatMap { Int($0) } })
    let lost = shown.subtracting(kept)
    TortureReport.add("failing_calls", ["saved": shown.count, "refused": refused, "lost": lost.count])
    #expect(lost == [], "\(listed)")
    #expect(refused > 0)
  }
}
