internal import Glibc

/// Whose a database is: its file's owner, or its folder's where there is none yet. What root makes for it is given to them,
/// because the service, which runs as nobody else, could not open it otherwise.
struct DatabaseOwner {
  private let user: uid_t
  private let group: gid_t

  init?(of database: String) {
    var facts = stat()
    guard stat(database, &facts) == 0 || stat(CopiedFile.folder(of: database), &facts) == 0 else { return nil }
    (user, group) = (facts.st_uid, facts.st_gid)
  }

  /// Gives them a file that was made just now; nobody but root can.
  func take(_ descriptor: Int32) {
    if geteuid() == 0, user != 0 || group != 0 { _ = fchown(descriptor, user, group) }
  }

  /// Opens the database's file or one beside it for reading and writing; makes it, for its owner alone, where there is none.
  static func open(_ path: String, of database: String) throws(CollectorError) -> Int32 {
    let owner = DatabaseOwner(of: database)
    let flags = O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW
    // One that was there may be somebody's for a reason.
    let made = Glibc.open(path, flags | O_EXCL, 0o600)
    if made >= 0 { owner?.take(made) }
    let descriptor = made < 0 && errno == EEXIST ? Glibc.open(path, flags, 0o600) : made
    guard descriptor >= 0 else { throw .file(path, errno) }
    return descriptor
  }
}
