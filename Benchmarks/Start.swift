import Foundation
import Glibc
import PtyTesting

/// From the start of the program to its first frame, with the network unplugged, and what it takes of memory.
enum Start {
  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      let ledger = ["--context", "bench", "--ledger", folder + "/ledger.sqlite"]
      // What the service had is remembered; then it is gone.
      try await Programs.withService { url in
        let records = Programs.repository + "/fixtures/records/wine.jsonl"
        try Programs.run([Programs.mds, "models", "--service", url] + ledger)
        try Programs.run([Programs.mds, "infer", "wine", "--input", records, "--service", url] + ledger)
      }
      var (frame, version) = (Times(), Times())
      var peak = 0
      for _ in 0..<30 {
        try version.measure { _ = try Pty(Programs.mds, ["--version"]).waitForExit() }
        let start = ContinuousClock.now
        let terminal = try Pty(Programs.mds, ["open", "--fresh", "--service", "http://127.0.0.1:9"] + ledger)
        try terminal.expect("wine")
        frame.note(ContinuousClock.now - start)
        terminal.settle()
        peak = max(peak, try residentPeak(terminal.process))
        terminal.signal(SIGKILL)
        _ = try terminal.waitForExit()
      }
      return [
        Entry("first frame, after exec (p50 of 30)", milliseconds: frame.median, atMost: 60),
        Entry(
          "first frame, beyond `mds --version`", milliseconds: max(0, frame.median - version.median), atMost: 15,
          note: "that takes \(version.median.short)"),
        Entry(
          "memory at the workbench, peak", "\((Double(peak) / 1024).short) MB", budget: "40 MB",
          isWithin: peak <= 40 * 1024),
      ]
    }
  }

  /// The most memory that a process has had, in KiB.
  static func residentPeak(_ process: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
  }
}
