internal import Glibc

/// Whether paths lead to one file.
public enum OneFile {
  /// Whether two paths name one file, also by links, and also where it is still to be made. What is no regular file, such
  /// as a terminal, may be named twice.
  public static func isNamed(by first: String, and second: String) -> Bool {
    let paths = [first, second].map { RealPath.of($0) }
    var (one, other) = (stat(), stat())
    guard stat(paths[0], &one) == 0, stat(paths[1], &other) == 0 else { return paths[0] == paths[1] }
    return one.st_mode & S_IFMT == S_IFREG && one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  /// The first of these files, by what it is for, that one before it takes the place of, or that is written where that one
  /// is until it is whole; nil where each is apart. A path is nil for standard output.
  public static func clash(
    among files: [(use: String, path: String?)]
  ) -> (use: String, path: String, other: String)? {
    let named = files.map { (use: $0.use, path: $0.path ?? "/dev/stdout") }
    for (index, file) in named.enumerated() {
      let other = named[..<index].first { other in
        isNamed(by: file.path, and: other.path) || isNamed(by: file.path + ".partial", and: other.path)
          || isNamed(by: file.path, and: other.path + ".partial")
      }
      if let other { return (file.use, file.path, other.use) }
    }
    return nil
  }
}
