import Foundation
import PtyTesting

/// Clocks for programs that a test starts: libfaketime stands before the C library, and reads from a file how late it is,
/// each time that it is asked. Their monotonic clocks go as always, as they do where somebody sets the time.
final class FalseClocks {
  private static let library: String? = {
    let folder = "/usr/lib/"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.map { folder + $0 + "/faketime/libfaketimeMT.so.1" }.first {
      FileManager.default.fileExists(atPath: $0)
    }
  }()

  private static let program = "/usr/bin/faketime"

  /// Debian's package faketime brings it.
  static let isPossible = library != nil && FileManager.default.isExecutableFile(atPath: program)

  private let holder = Process()
  private let input = Pipe()
  private let shared: String
  private let scratch: Scratch

  /// The library wants memory that it shares with others. It makes its own where none is named, and says so in its
  /// environment, which then lies elsewhere: Swift does not find a program's arguments any more. So somebody else holds it.
  init(_ scratch: Scratch) throws {
    self.scratch = scratch
    let output = Pipe()
    holder.executableURL = URL(fileURLWithPath: Self.program)
    holder.arguments = ["-f", "+0", "sh", "-c", "echo $FAKETIME_SHARED; exec cat"]
    (holder.standardInput, holder.standardOutput) = (input, output)
    try holder.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A { line += byte }
    shared = String(decoding: line, as: UTF8.self)
  }

  /// Lets go of what is shared; no program may use a clock any more.
  func close() {
    try? input.fileHandleForWriting.close()
    holder.waitForEnd()
  }

  /// A clock that says the right time until it is set.
  func clock(_ name: String) throws -> FalseClock {
    let file = "\(scratch.path)/\(name).clock"
    let clock = FalseClock(
      file: file,
      environment: [
        "LD_PRELOAD": Self.library ?? "", "FAKETIME_SHARED": shared, "FAKETIME_TIMESTAMP_FILE": file,
        "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
      ])
    try clock.set("+0")
    return clock
  }
}
