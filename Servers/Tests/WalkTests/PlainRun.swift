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

  var identifier: Int32 { process.processIdentifier }

  /// In the plainest of terminals; a program that is named runs it, and becomes it.
  init(_ words: [String], environment more: [String: String] = [:], through program: [String] = []) throws {
    let line = program + [Paths.mds] + words
    process.executableURL = URL(fileURLWithPath: line[0])
    process.arguments = Array(line.dropFirst())
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
    try write(Array((line + "\n").utf8))
  }

  /// A program that is gone takes nothing: that is told, and no signal ends the tests.
  private func write(_ bytes: [UInt8]) throws {
    var (broken, before, none) = (sigset_t(), sigset_t(), timespec())
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &broken, &before)
    defer {
      sigtimedwait(&broken, nil, &none)
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.write(input.fileHandleForWriting.fileDescriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno != EINTR { throw Unheard(wanted: "somebody who reads", heard: transcript) }
      rest = rest.dropFirst(max(0, count))
    }
  }

  /// Types a line, and waits until all of this was said after it.
  func type(_ line: String, hears wanted: String..., within seconds: Int = 60) throws {
    try type(line)
    for wanted in wanted { try hear(wanted, within: seconds) }
  }

  /// Waits until this was said since the last typed line.
  func hear(_ wanted: String, within seconds: Int = 60) throws {
    try hear(wanted, within: seconds) { $0.contains(wanted) }
  }

  /// Waits until what was said since the last typed line is as wanted.
  func hear(_ wanted: String, within seconds: Int = 60, where isHeard: (String) -> Bool) throws {
    let deadline = ContinuousClock().now + .seconds(seconds)
    while !isHeard(said) {
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
