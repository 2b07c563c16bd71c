import Foundation
import Glibc
import PtyTesting
import Testing
import TortureReport

/// The real program while one certain call of the system fails, or is its last.
@Suite("A call of the system that fails", .serialized)
struct StruckCallsTests {
  /// `make torture` strikes each of the first two hundred writes in each way; else one that chance picks is struck.
  private static let calls = ProcessInfo.processInfo.environment["MDS_CALLS"].flatMap { Int($0) }
  private static let program = "/usr/bin/strace"

  /// Some containers let nobody trace.
  private static let isPossible =
    (try? output(of: [program, "-o", "/dev/null", "/bin/true"]).status) == 0

  private static let strikes = [
    "pwrite64:error=EIO", "pwrite64:error=ENOSPC", "fdatasync:error=EIO", "pwrite64:signal=KILL",
    "fdatasync:signal=KILL",
  ]

  private static let saves = 16

  /// Which call is struck, and how. A sync comes once for a save, a write a dozen times.
  private static var places: [(strike: String, place: Int)] {
    guard let calls else { return [(strikes[.random(in: 0..<strikes.count)], .random(in: 1...12))] }
    return strikes.flatMap { strike in
      (1...max(1, strike.hasPrefix("fdatasync") ? calls / 8 : calls)).map { (strike, $0) }
    }
  }

  @Test(
    "costs nothing that was called saved, whichever it is, and breaks no chain",
    .enabled(if: isPossible, "strace is not installed, or may not trace"))
  func struck() throws {
    let lab = try Lab()
    defer { lab.close() }
    let desk = try lab.desk("ana", scoring: [])
    #expect(try desk.mds(["infer", "wine", "--input", lab.records(12)]).status == 0)
    var (saved, killed, refused, lost, broken) = (0, 0, 0, 0, 0)
    let all = Self.places
    for (index, (strike, place)) in all.enumerated() {
      let copy = try desk.copy(to: "call\(index)")
      let name = strike.split(separator: ":")[0]
      let tracer = [
        Self.program, "-f", "-o", "/dev/null", "-e", "trace=\(name)", "-e", "inject=\(strike):when=\(place)", "--",
      ]
      var shown = Set<Int>()
      if let session = try? Session(copy, through: tracer) {
        if strike.contains("KILL") {
          while session.shown.count < Self.saves, (try? session.save()) != nil {}
          if session.shown.count < Self.saves { killed += 1 }
          try? session.quit()
        } else {
          while session.shown.count < Self.saves {
            try session.beginSave()
            if try session.isSaved() { continue }
            // It failed once: the same judgement is saved as soon as it is asked for again.
            while try !session.isSaved(again: true) {}
          }
          try session.quit()
        }
        shown = session.shown
        refused += session.refusals
      }
      let listed = try copy.mds(["feedback", "list"])
      let kept = Set(
        listed.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.flatMap { Int($0) } })
      let verified = try copy.mds(["feedback", "verify"])
      (saved, lost) = (saved + shown.count, lost + shown.subtracting(kept).count)
      broken += verified.status == 0 ? 0 : 1
      #expect(
        shown.isSubset(of: kept) && verified.status == 0, "\(strike) \(place): \(shown.subtracting(kept)) \(verified)")
      try copy.remove()
    }
    TortureReport.add(
      "struck_calls",
      [
        "calls": all.count, "saved": saved, "killed": killed, "refused": refused, "lost": lost, "broken": broken,
      ])
    #expect(lost == 0 && broken == 0)
  }
}
