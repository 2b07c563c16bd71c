internal import Glibc

/// What a long test counted, for the one report of `make torture`.
public enum TortureReport {
  /// Adds a line to the file that `MDS_REPORT` names: the part, then names and numbers. Nothing where none is named.
  public static func add(_ part: String, _ numbers: KeyValuePairs<String, Int>) {
    guard let path = getenv("MDS_REPORT") else { return }
    let line = Array((part + numbers.map { " \($0.key) \($0.value)" }.joined() + "\n").utf8)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // One write: tests that end at the same time do not mix their lines.
    _ = write(descriptor, line, line.count)
  }
}
