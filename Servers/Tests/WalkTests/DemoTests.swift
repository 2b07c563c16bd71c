import Foundation
import Frames
import Glibc
import PtyTesting
import Testing

/// `mds demo`: what `make run` opens.
@Suite("The demonstration", .serialized)
struct DemoTests {
  private func folders(in scratch: Scratch) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.path)
  }

  @Test("takes its servers with it when it is killed, and the next start removes what it left")
  func killed() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let terminal = try Pty(Paths.mds, ["demo", "--empty"], environment: ["TMPDIR": scratch.path])
    try terminal.expect("Models 4")
    try terminal.send("go")
    let screen = try terminal.expect("http://127.0.0.1:")
    let port = try #require(screen.text.firstMatch(of: /127\.0\.0\.1:(\d+)/)).1
    let number = try #require(UInt16(port))
    let line = try #require(Line(toLoopbackPort: number))
    terminal.signal(SIGKILL)
    _ = try terminal.waitForExit()
    // The collector's end of the connection closes with the collector.
    #expect(line.ends(withinSeconds: 20))
    #expect(try folders(in: scratch).count == 1)

    let next = try Pty(Paths.mds, ["demo", "--empty"], environment: ["TMPDIR": scratch.path])
    try next.expect("Models 4")
    #expect(try folders(in: scratch).count == 1)
    try next.press(.control("C"))
    #expect(try next.waitForExit() == .code(0))
    #expect(try folders(in: scratch).isEmpty)
  }
}

/// A connection that says nothing and notices when the other side goes.
private final class Line {
  private let descriptor: Int32

  init?(toLoopbackPort port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }

  /// Waits until the other side has closed.
  func ends(withinSeconds seconds: Int) -> Bool {
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waited, 1, Int32(seconds * 1000)) > 0 else { return false }
    var byte: UInt8 = 0
    return read(descriptor, &byte, 1) <= 0
  }
}
