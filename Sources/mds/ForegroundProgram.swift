import Glibc
import Terminal

/// A program that has the terminal for itself while it runs.
enum ForegroundProgram {
  /// How it ended.
  enum Ending: Hashable {
    case code(Int32)
    case signal(Int32)
    case unstarted
  }

  /// Runs a program, found in PATH, until it ends; without the terminal where it `isSilent`.
  static func run(_ words: [String], isSilent: Bool = false) -> Ending {
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    // What mds ignores would stay ignored there.
    var attributes = posix_spawnattr_t()
    var heard = sigset_t()
    sigemptyset(&heard)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&heard, number) }
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setsigdefault(&attributes, &heard)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    defer {
      posix_spawnattr_destroy(&attributes)
      for argument in arguments { free(argument) }
      posix_spawn_file_actions_destroy(&actions)
    }
    if isSilent {
      for descriptor in STDIN_FILENO...STDERR_FILENO {
        posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
      }
    }
    var process: pid_t = 0
    guard posix_spawnp(&process, words[0], &actions, &attributes, arguments, environ) == 0 else { return .unstarted }
    return wait(for: process)
  }

  private static func wait(for process: pid_t) -> Ending {
    while true {
      var status: Int32 = 0
      guard waitpid(process, &status, WUNTRACED) == process else {
        if errno == EINTR { continue }
        return .unstarted
      }
      if status & 0xFF == 0x7F {
        // ^Z there: the shell that waits for mds would have no terminal while mds waits for that program.
        Wake.stop()
        continue
      }
      return status & 0x7F == 0 ? .code(status >> 8 & 0xFF) : .signal(status & 0x7F)
    }
  }
}
