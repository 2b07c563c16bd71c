internal import Glibc

/// A file that was written under another name and becomes visible, durable and its owner's alone when it is whole.
enum CopiedFile {
  static func sync(_ path: String) throws(CollectorError) { try sync(path, mode: 0o600) }

  /// Gives it its name; what had the name is replaced.
  static func move(_ partial: String, to path: String) throws(CollectorError) {
    guard rename(partial, path) == 0 else { throw .file(path, errno) }
    try sync(folder(of: path), mode: nil)
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func sync(_ path: String, mode: mode_t?) throws(CollectorError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(path, errno) }
    defer { close(descriptor) }
    if let mode { fchmod(descriptor, mode) }
    guard fsync(descriptor) == 0 else { throw .file(path, errno) }
  }
}
