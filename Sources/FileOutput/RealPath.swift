internal import Glibc

/// Paths without links and detours.
public enum RealPath {
  /// Where a path leads. Its last part need not be there: then its folder without links, and of a link that leads to
  /// nothing yet, where it leads. What cannot be followed stays as it is.
  public static func of(_ path: String) -> String { of(path, links: 40) }

  /// As many links are followed, one after the other, as the system follows.
  private static func of(_ path: String, links: Int) -> String {
    if let whole = existing(path) { return whole }
    if links > 0, let target = target(of: path) {
      return of(target.hasPrefix("/") ? target : folder(of: path) + "/" + target, links: links - 1)
    }
    guard let parent = existing(folder(of: path) + "/"), let name = path.split(separator: "/").last else { return path }
    return parent + "/" + name
  }

  /// The folder of a path; `.` for a mere name.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "" : String(path[..<$0]) } ?? "."
  }

  private static func existing(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static func target(of path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink(path, &buffer, Int(PATH_MAX))
    guard count > 0 else { return nil }
    return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
