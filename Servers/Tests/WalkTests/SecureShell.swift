import Foundation
import Glibc
import PtyTesting
import Testing

/// Debian's sshd on loopback, for as long as a test holds it: a port, keys and a configuration of its own, for the present
/// user only.
final class SecureShell {
  private let process = Process()
  private let input = Pipe()
  private let scratch: Scratch
  private let port: UInt16
  /// sshd as root goes through this folder, which the system makes when it starts its own.
  private let madeFolder: Bool

  init(_ scratch: Scratch) throws {
    self.scratch = scratch
    port = try Self.freePort()
    for key in ["host", "client"] {
      let made = try output(of: [
        "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scratch.path + "/" + key,
      ])
      try #require(made.status == 0, "\(made.errors)")
    }
    let configuration = """
      Port \(port)
      ListenAddress 127.0.0.1
      HostKey \(scratch.path)/host
      AuthorizedKeysFile \(scratch.path)/client.pub
      PidFile none
      StrictModes no
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      UsePAM no
      PermitRootLogin yes
      """
    try configuration.write(toFile: scratch.path + "/sshd", atomically: true, encoding: .utf8)
    madeFolder = getuid() == 0 && mkdir("/run/sshd", 0o755) == 0
    process.executableURL = URL(filePath: "/bin/sh")
    // It ends when its standard input closes, and so with the tests, however they end.
    process.arguments = [
      "-c", "/usr/sbin/sshd -D -e -f \"$0\" < /dev/null & cat > /dev/null; kill $!; wait", scratch.path + "/sshd",
    ]
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    let log = scratch.path + "/sshd.log"
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
    try process.run()
    let deadline = ContinuousClock().now + .seconds(20)
    while try !String(contentsOfFile: log, encoding: .utf8).contains("Server listening") {
      try #require(ContinuousClock().now < deadline, "sshd does not listen")
      _ = poll(nil, 0, 20)
    }
  }

  func stop() {
    try? input.fileHandleForWriting.close()
    process.waitForEnd()
    if madeFolder { rmdir("/run/sshd") }
  }

  /// Runs a command there, in a terminal here.
  func terminal(_ command: String, terminal name: String = "xterm-256color") throws -> Pty {
    try Pty(
      "/usr/bin/ssh",
      [
        "-F", "none", "-tt", "-q", "-p", "\(port)", "-i", scratch.path + "/client", "-o", "IdentitiesOnly=yes",
        "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "127.0.0.1", command,
      ], environment: ["TERM": name])
  }

  /// A port that nothing listens on.
  private static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(bound)
    return UInt16(bigEndian: address.sin_port)
  }
}
