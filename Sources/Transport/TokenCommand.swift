internal import CCurl
internal import Glibc

/// One run of a command that prints a token: blocks its thread, so it has one of its own.
final class TokenCommand: Sendable {
  private let arguments: [String]
  private let timeout: Duration
  private let isStopped = Locked(false)

  init(_ arguments: [String], timeout: Duration) {
    self.arguments = arguments
    self.timeout = timeout
  }

  /// Makes `run` kill the command and return soon; it may be called from any thread.
  func stop() { isStopped.withLock { $0 = true } }

  /// Runs the command and reads its first line; never longer than the timeout by more than a moment.
  func run() -> Result<BearerToken, TokenFailure> {
    guard let name = arguments.first else { return .failure(TokenFailure("the token command is empty")) }
    var pipes: [Int32] = [-1, -1]
    guard pipe(&pipes) == 0 else { return .failure(TokenFailure("no pipe for the token command \(name)")) }
    let (reading, writing) = (pipes[0], pipes[1])
    for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    defer { close(reading) }
    let (process, code) = spawn(output: writing)
    close(writing)
    guard code == 0 else {
      return .failure(TokenFailure("the token command \(name) cannot be started (\(String(cString: strerror(code))))"))
    }
    return follow(process, output: reading, name: name)
  }

  private func follow(_ process: pid_t, output: Int32, name: String) -> Result<BearerToken, TokenFailure> {
    let end = Monotonic.now() + timeout.nanoseconds
    var collected: [UInt8] = []
    var status: Int32 = 0
    var isOpen = true
    while true {
      // The exit decides, not the end of the output: a child that the command leaves behind may hold that open.
      let ended = waitpid(process, &status, WNOHANG) == process
      drain(output, into: &collected, isOpen: &isOpen)
      if ended { break }
      if Monotonic.now() >= end || isStopped.withLock({ $0 }) {
        // It leads a process group of its own, so its children go with it.
        kill(-process, SIGKILL)
        waitpid(process, &status, 0)
        return .failure(TokenFailure("the token command \(name) did not end within \(timeout.spoken)"))
      }
      var waiting = pollfd(fd: isOpen ? output : -1, events: Int16(POLLIN), revents: 0)
      poll(&waiting, 1, 10)
    }
    let exit = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    guard exit == 0 else { return .failure(TokenFailure("the token command \(name) ended with code \(exit)")) }
    guard let token = BearerToken(firstLineOf: collected) else {
      return .failure(TokenFailure("the first line that the token command \(name) printed is no token"))
    }
    return .success(token)
  }

  private func drain(_ output: Int32, into collected: inout [UInt8], isOpen: inout Bool) {
    var piece = [UInt8](repeating: 0, count: 4096)
    while isOpen {
      let count = read(output, &piece, piece.count)
      if count > 0 {
        if collected.count < 32 << 10 { collected += piece[..<count] }
      } else {
        isOpen = count < 0 && (errno == EAGAIN || errno == EINTR)
        return
      }
    }
  }

  /// Starts the command with nothing to read, its errors unseen (they may quote the secret), no descriptor of ours,
  /// and signals as a shell would leave them.
  private func spawn(output: Int32) -> (pid_t, Int32) {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    mds_close_from(&actions, 3)
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, arguments[0], &actions, &attributes, words, mds_environment())
    return (process, code)
  }
}
