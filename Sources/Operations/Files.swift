public import Domain
internal import FileOutput
internal import Glibc

/// Whole files, small ones.
public enum Files {
  /// The bytes of a file up to a limit; nil where it cannot be read.
  public static func read(_ path: String, limit: Int = 256 << 20) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += buffer[..<count]
    }
    return nil
  }

  /// The bytes of a file, or the reason why not.
  public static func contents(of path: String) throws(Problem) -> [UInt8] {
    guard let bytes = read(path) else {
      throw Problem(
        "The file \(path) cannot be read", advice: "Is the path right, and the file under 256 MB?",
        detail: String(cString: strerror(errno)), kind: .invalidInput)
    }
    return bytes
  }

  /// Writes a file beside its place and moves it there, so that a reader never sees half of it.
  public static func write(_ bytes: [UInt8], to path: String) throws(Problem) { try write(bytes, to: path, over: nil) }

  /// As above, over what the program keeps itself.
  static func write(_ bytes: [UInt8], to path: String, over own: KeptFile?) throws(Problem) {
    let sink = try FileSink(path, over: own)
    try sink.write(bytes)
    try sink.finish()
  }

  /// A path from the root, `~` and relative ones resolved.
  public static func absolute(_ path: String) -> String {
    let path = InputFile.expanded(path)
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  /// The real path of the running program.
  public static var executable: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, 4095)
    return String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Bytes of a file; 0 where there is none.
  static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The number of the account that a file belongs to; nil where there is none.
  static func owner(of path: String) -> UInt32? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_uid : nil
  }

  /// Whether something is there that can be no file of a folder: a device, such as the terminal.
  static func isDevice(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && [S_IFCHR, S_IFBLK].contains(status.st_mode & S_IFMT)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether two paths name one file, also by links, and also where it is still to be made; `-` is standard input. What is
  /// no regular file may be named twice.
  static func areOne(_ first: String, _ second: String) -> Bool {
    let paths = [first, second].map { $0 == "-" ? "/dev/stdin" : absolute($0) }
    return OneFile.isNamed(by: paths[0], and: paths[1])
  }

  /// Refuses to write where something else is read or written.
  public static func requireApart(_ output: String, as option: String, from others: [String?]) throws(Problem) {
    for other in others.compactMap(\.self) where areOne(output, other) {
      throw Problem(
        "\(option) \(output) is the same file as \(other): nothing was touched.", advice: "Give another name.",
        kind: .invalidInput)
    }
  }

  /// The folder that holds a path.
  static func folder(of path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return parts.count <= 1 ? "/" : parts.joined(separator: "/")
  }

  /// Makes a folder, and those above it, for its owner only; one that is there stays as it is.
  public static func makeFolder(_ path: String) throws(Problem) {
    guard !exists(path) else { return }
    let parent = folder(of: path)
    if parent != path { try makeFolder(parent) }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw Problem("The folder \(path) cannot be made.", detail: String(cString: strerror(errno)))
    }
  }

  /// The names in a folder, in no order; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  /// Removes a folder and what is in it; only for folders that we made.
  static func removeTree(_ path: String) {
    guard let directory = opendir(path) else {
      unlink(path)
      return
    }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let child = path + "/" + name
      var status = stat()
      guard lstat(child, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR { removeTree(child) } else { unlink(child) }
    }
    closedir(directory)
    rmdir(path)
  }
}
