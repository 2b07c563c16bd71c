internal import Domain
internal import Glibc

/// A server that we started: it ends when its standard input closes, so that even kill -9 of ours ends it.
final class Child: Sendable {
  let process: pid_t
  private let input: Int32

  /// Starts a program and waits for the one line of JSON that says where it listens.
  static func start(_ path: String, _ arguments: [String], deadline: Int) throws(Problem) -> (child: Child, ready: JSON)
  {
    var inputs: [Int32] = [-1, -1]
    var outputs: [Int32] = [-1, -1]
    guard pipe(&inputs) == 0, pipe(&outputs) == 0 else { throw Problem("no pipe for \(path)") }
    for end in [inputs[1], outputs[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, inputs[0], 0)
    posix_spawn_file_actions_adddup2(&actions, outputs[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addclose(&actions, inputs[0])
    posix_spawn_file_actions_addclose(&actions, outputs[1])
    var process: pid_t = 0
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    words.append(nil)
    let failed = posix_spawn(&process, path, &actions, nil, words, environ)
    for word in words { free(word) }
    close(inputs[0])
    close(outputs[1])
    defer { close(outputs[0]) }
    guard failed == 0 else {
      close(inputs[1])
      throw Problem("\(path) could not be started", detail: String(cString: strerror(failed)))
    }
    let child = Child(process: process, input: inputs[1])
    guard let line = readLine(from: outputs[0], milliseconds: deadline), let ready = try? JSON(parsing: line) else {
      child.stop()
      throw Problem("\(path) did not say where it listens", advice: "Run it by hand to see why.")
    }
    return (child, ready)
  }

  private init(process: pid_t, input: Int32) {
    self.process = process
    self.input = input
  }

  /// Closes its standard input and waits until it has ended.
  func stop() {
    close(input)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  private static func readLine(from descriptor: Int32, milliseconds: Int) -> [UInt8]? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while line.count < 65_536 {
      guard poll(&waited, 1, Int32(milliseconds)) > 0, read(descriptor, &byte, 1) == 1 else { return nil }
      if byte == 0x0A { return line }
      line.append(byte)
    }
    return nil
  }
}
