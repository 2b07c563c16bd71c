import Foundation

/// One clock, and what a program's environment is that goes by it.
struct FalseClock {
  let file: String
  let environment: [String: String]

  /// Sets the clock: so far ahead or behind, as `+10y` or `-1h`, or a time at which it stands.
  func set(_ time: String) throws {
    // In one step: whoever looks sees the old or the new, never half of one.
    try (time + "\n").write(toFile: file, atomically: true, encoding: .utf8)
  }
}
