internal import Glibc

/// The ledger's folder and file, kept from others.
enum PrivateFile {
  /// Makes the folder and those above it that are missing, for the owner alone.
  static func makeFolder(_ path: String) throws(LedgerError) {
    guard !path.isEmpty, path != "/", path != "." else { return }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw .noFolder(path: path, errno: ENOTDIR) }
      return
    }
    try makeFolder(parent(of: path))
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw .noFolder(path: path, errno: errno) }
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes the file where it is missing, and refuses one that is not ours alone. It is never opened when it exists:
  /// closing any descriptor of a file drops the locks that SQLite holds on it in this process.
  static func prepare(_ path: String) throws(LedgerError) {
    let created = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if created >= 0 {
      close(created)
      // A power cut must not take the name away from what is saved under it.
      try sync(parent(of: path))
      return
    }
    guard errno == EEXIST else { throw .cannotOpen(path: path, errno: errno) }
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .cannotOpen(path: path, errno: errno) }
    if status.st_mode & S_IFMT == S_IFLNK { throw .symbolicLink(path: path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
    guard status.st_uid == geteuid() else { throw .foreignOwner(path: path) }
    guard status.st_mode & 0o022 == 0 else { throw .notPrivate(path: path) }
    if status.st_mode & 0o077 != 0 { chmod(path, 0o600) }
  }

  /// Bytes on disk of the file and what SQLite keeps beside it.
  static func size(_ path: String) -> Int {
    ["", "-wal"].reduce(0) { total, suffix in
      var status = stat()
      return lstat(path + suffix, &status) == 0 ? total + Int(status.st_size) : total
    }
  }

  /// Whether something has this name; a link that leads nowhere has one.
  static func exists(_ path: String) throws(LedgerError) -> Bool {
    var status = stat()
    if lstat(path, &status) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else { throw .cannotOpen(path: path, errno: errno) }
    return false
  }

  /// Renames a file; the new name is on the disk when this returns.
  static func rename(_ path: String, to other: String) throws(LedgerError) {
    guard Glibc.rename(path, other) == 0 else { throw .cannotOpen(path: other, errno: errno) }
    try sync(parent(of: other))
  }

  /// What a file or a folder holds is on the disk when this returns.
  static func sync(_ path: String) throws(LedgerError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .disk("fsync of \(path): errno \(errno)") }
  }
}
