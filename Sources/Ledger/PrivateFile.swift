internal import Glibc

/// A file and a folder that nobody but their owner may touch.
enum PrivateFile {
  /// Makes the folder 0700 and the file 0600 where they are missing; refuses links and files of others.
  static func prepare(_ path: String) throws(LedgerError) {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    if !folder.isEmpty { try makeFolder(folder) }
    // The mode is given to open(2): a umask could only take bits away, and -wal and -shm take the database's mode.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      let reason = errno == ELOOP ? "it is a symbolic link" : String(cString: strerror(errno))
      throw errno == ELOOP ? .unsafeFile(path: path, reason: reason) : .cannotOpen(path: path, reason: reason)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_uid == geteuid() else { throw .unsafeFile(path: path, reason: "it belongs to another user") }
    guard status.st_mode & 0o077 == 0 else {
      throw .unsafeFile(path: path, reason: "others may read it (mode \(String(status.st_mode & 0o777, radix: 8)))")
    }
  }

  private static func makeFolder(_ folder: String) throws(LedgerError) {
    var made = ""
    for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
      made += (made.isEmpty && part.isEmpty) ? "/" : made.isEmpty || made == "/" ? String(part) : "/" + part
      guard !made.isEmpty, made != "/" else { continue }
      if mkdir(made, 0o700) != 0, errno != EEXIST {
        throw .cannotOpen(path: folder, reason: String(cString: strerror(errno)))
      }
    }
  }
}
