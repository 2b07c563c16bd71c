import Compression
import Foundation
import Frames
import Glibc
import PtyTesting
import Synchronization
import Testing
import WireFixtures

/// A service with one model whose answers are as bad as a test wants them, from one request to the next.
private final class HostileService: Sendable {
  enum Answer: Sendable {
    case good, bomb, html, cutShort, tooLong
    /// A byte now and then, without end.
    case drip
  }

  let server: ScriptedServer
  private let mood: Mood

  init() throws {
    let mood = Mood()
    self.mood = mood
    // 1 GiB of zeros in about 1 MiB: one gzip member of 16 MiB, 64 times.
    let member = Gzip.packed([UInt8](repeating: 0, count: 16 << 20))
    let bomb = ScriptedServer.response(
      (0..<64).flatMap { _ in member }, status: 200, headers: ["content-encoding": "gzip"])
    server = try ScriptedServer(script: { request, send in
      if request.line.contains("/repository/index") {
        return send(ScriptedServer.response(#"[{"name":"m","version":"1","state":"READY","reason":""}]"#))
      }
      guard request.line.contains("/infer") else { return send(ScriptedServer.response(Self.metadata)) }
      switch mood.answer {
      case .good: return send(ScriptedServer.response(Self.prediction))
      case .bomb: return send(bomb)
      case .html:
        return send(
          ScriptedServer.response(
            "<html><title>Log in\u{1B}[2J</title></html>", status: 200, headers: ["content-type": "text/html"]))
      case .cutShort: return send(ScriptedServer.response(String(Self.prediction.dropLast(9))))
      case .tooLong:
        _ = send(Array("HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n\(Self.prediction)".utf8))
        return false
      case .drip:
        guard send(Array("HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n".utf8)) else { return false }
        while send([0x20]) { usleep(20_000) }
        return false
      }
    })
  }

  func answer(as answer: Answer) { mood.answer = answer }

  private static let metadata =
    #"{"name":"m","platform":"p","inputs":[{"name":"x","datatype":"FP32","shape":[-1,1]}],"#
    + #""outputs":[{"name":"y","datatype":"FP32","shape":[-1,1]}]}"#
  private static let prediction =
    #"{"model_name":"m","outputs":[{"name":"y","datatype":"FP32","shape":[1,1],"data":[0.625]}]}"#

  private final class Mood: Sendable {
    private let state = Mutex(Answer.good)
    var answer: Answer {
      get { state.withLock { $0 } }
      set { state.withLock { $0 = newValue } }
    }
  }
}

/// What a process holds, as the kernel counts it.
private struct Holdings {
  /// What each open descriptor leads to: a path, `socket:[…]` or `pipe:[…]`. Timers and events of the runtime are left
  /// out: it makes one of a kind when it first needs it, and keeps it.
  var open: [String]
  /// Kilobytes, the most that there ever were and now.
  var peak: Int
  var now: Int

  init(of process: Int32) throws {
    let folder = "/proc/\(process)/fd/"
    // One may close between its being listed and its being looked at.
    open = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: folder + $0)
    }.filter { !$0.hasPrefix("anon_inode:") }
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    func kilobytes(_ name: String) -> Int {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      return line?.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? 0
    }
    peak = kilobytes("VmHWM")
    now = kilobytes("VmRSS")
  }
}

@Suite("A service that answers badly", .serialized)
struct HostileServerTests {
  /// How one bad answer is told.
  private static let told: [(HostileService.Answer, String)] = [
    (.html, "A web page came"), (.cutShort, "cannot be read"), (.tooLong, "lost"), (.bomb, "larger than the limit"),
  ]

  @Test("is told each time in words, and the next answer is shown; no connection and no memory is left behind")
  func told() throws {
    let service = try HostileService()
    let scratch = try Scratch()
    defer {
      service.server.close()
      scratch.remove()
    }
    let target = ["--service", service.server.base, "--context", "lab", "--ledger", scratch.path + "/l.sqlite"]
    let terminal = try Pty(Paths.mds, ["open"] + target)
    try terminal.expect("Models 1")
    try terminal.send("i")
    try terminal.expect("in  x FP32")
    try terminal.press(.enter)
    try terminal.send("1")
    try terminal.press(.enter)
    try terminal.send("x")
    try terminal.expect("0.625")
    let before = try Holdings(of: terminal.process)
    for (answer, words) in Self.told {
      service.answer(as: answer)
      try terminal.send("x")
      let screen = try terminal.expect(words)
      #expect(!screen.text.contains("0.625"), "\(screen.text)")
      // The screen is alive: the whole problem opens and closes.
      try terminal.send("gl\r")
      try terminal.expect("copy all")
      try terminal.press(.escape)
      try terminal.wait(for: "the problem to close") { !$0.contains("copy all") }
      try terminal.press(.escape)
      try terminal.expect("Signature")
      service.answer(as: .good)
      try terminal.send("x")
      try terminal.expect("0.625")
    }
    // An answer that never ends is waited for beside everything else, and given up with a key.
    service.answer(as: .drip)
    try terminal.send("x")
    try terminal.expect("asking…")
    try terminal.send("?")
    try terminal.expect("Keys: Infer")
    try terminal.press(.escape)
    // The help stood over it: the row is there again once the help has gone.
    try terminal.wait(for: "the help to close") { !$0.contains("Keys: Infer") && $0.contains("asking…") }
    try terminal.press(.escape)
    try terminal.expect("Stopped waiting")
    service.answer(as: .good)
    try terminal.send("x")
    try terminal.expect("0.625")

    // A connection that was given up is closed behind what goes on.
    var after = try Holdings(of: terminal.process)
    for _ in 0..<200 where after.open.count > before.open.count {
      terminal.settle()
      after = try Holdings(of: terminal.process)
    }
    #expect(after.open.count <= before.open.count, "\(after) \(before)")
    // The limit of an answer is 256 MiB, unpacked; what was refused is given back.
    #expect(after.peak < 420 << 10, "\(after)")
    #expect(after.now < before.now + (40 << 10), "\(after) \(before)")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }
}
