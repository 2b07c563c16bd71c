import Foundation
import Glibc
import PtyTesting

/// `mds` in plain mode with pipes at both ends: lines are typed, and what it says is waited for.
final class PlainRun {
  struct Unheard: Error, CustomStringConvertible {
    var wanted: String
    var heard: String
    var description: String { "not heard: \(wanted)\n\(heard)" }
  }

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  /// Everything that was said and typed; what was typed stands after `> `.
  private(set) var transcript = ""
  /// What was said since the last line was typed.
  private(set) var said = ""

  /// In the plainest of terminals.
  init(_ words: [String], environment more: [String: String] = [:]) throws {
    process.executableURL = URL(fileURLWithPath: Paths.mds)
    process.arguments = words
    var environment = ProcessInfo.processInfo.environment
    environment["XDG_STATE_HOME"] = nil
    environment.merge(["TERM": "dumb", "LANG": "C", "LC_ALL": "C", "HOME": "/nonexistent"].merging(more) { $1 }) { $1 }
    process.environment = environment
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// Types a line.
  func type(_ line: String) throws {
    transcript += "> \(line)\n"
    said = ""
    try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
  }

  /// Types a line, and waits until all of this was said after it.
  func type(_ line: String, hears wanted: String..., within seconds: Int = 60) throws {
    try type(line)
    for wanted in wanted { try hear(wanted, within: seconds) }
  }

  /// Waits until this was said since the last typed line.
  func hear(_ wanted: String, within seconds: Int = 60) throws {
    let deadline = ContinuousClock().now + .seconds(seconds)
    while !said.contains(wanted) {
      let left = (deadline - ContinuousClock().now) / .milliseconds(1)
      guard left > 0, listen(milliseconds: Int32(left)) else { throw Unheard(wanted: wanted, heard: transcript) }
    }
  }

  /// Takes what is said next; false where nothing more comes.
  private func listen(milliseconds: Int32) -> Bool {
    let descriptor = output.fileHandleForReading.fileDescriptor
    var waits = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    guard poll(&waits, 1, milliseconds) > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return false }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    said += text
    transcript += text
    return true
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Ends the input.
  func closeInput() { try? input.fileHandleForWriting.close() }

  /// Waits for its end, hearing all that is still said.
  func waitForEnd() -> Pty.Exit {
    while listen(milliseconds: 60_000) {}
    return process.waitForEnd()
  }
}
