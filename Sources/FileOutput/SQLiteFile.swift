internal import Glibc

/// Databases of SQLite's, told by how they begin.
public enum SQLiteFile {
  /// Whether a file is one: its first sixteen bytes say so (sqlite.org/fileformat2.html §1.3.1).
  public static func isThere(_ path: String) -> Bool {
    // A pipe or a terminal is not looked into: that would wait for whoever writes, and take what they wrote.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    var head = [UInt8](repeating: 0, count: 16)
    return read(descriptor, &head, 16) == 16 && head == Array("SQLite format 3\0".utf8)
  }
}
