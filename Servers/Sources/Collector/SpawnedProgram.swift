internal import Glibc

/// Another program that does a part of the work.
enum SpawnedProgram {
  /// Runs it to its end; throws where it is not there or says that it failed. Its complaints go to standard error.
  static func run(_ name: String, _ arguments: [String]) throws(CollectorError) {
    let words = ([name] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var child = pid_t()
    let code = posix_spawnp(&child, name, nil, nil, words + [nil], environ)
    guard code == 0 else { throw .program(name, "is not there: \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { throw .program(name, "was lost: \(String(cString: strerror(errno)))") }
    }
    guard status == 0 else { throw .program(name, "failed; what it says stands above") }
  }
}
