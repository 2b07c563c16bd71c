internal import Glibc

/// What is known of a file of rows before it is read.
public struct FileFacts: Equatable, Sendable {
  /// Its size in bytes.
  public var size: Int
  /// Lines that are not empty; nil where the file is too large to be looked through first.
  public var lines: Int?
  /// Rows, where their number follows from the lines.
  public var rows: Int?

  /// Larger files are not counted first.
  static let largest = 1 << 30

  /// The facts of a file; nil where it is no regular file, for example standard input.
  public init?(of path: String, format: RowFormat) {
    let path = InputFile.expanded(path)
    var status = stat()
    guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    size = Int(status.st_size)
    guard size <= FileFacts.largest, let (lines, hasQuotes) = FileFacts.lines(of: path) else { return }
    self.lines = lines
    switch format {
    case .csv, .tsv: rows = hasQuotes ? nil : max(0, lines - 1)
    case .jsonl, .text: rows = lines
    case .json: rows = nil
    }
  }

  /// Whether whoever opens what has this name may wait for ever: it is a pipe, a socket or a device.
  static func isNoFile(_ path: String) -> Bool {
    var status = stat()
    guard stat(InputFile.expanded(path), &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }

  /// Whether each answer becomes a case by itself: of a file that a person can look through.
  public var isSmall: Bool { size <= 16 << 20 && lines.map { $0 <= 10_001 } == true }

  private static func lines(of path: String) -> (lines: Int, hasQuotes: Bool)? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var lines = 0
    var hasQuotes = false
    // Bytes of the present line that are no end of line.
    var length = 0
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return (lines + (length > 0 ? 1 : 0), hasQuotes) }
      buffer.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        hasQuotes = hasQuotes || memchr(base, 0x22, count) != nil
        var start = 0
        while let end = memchr(base + start, 0x0A, count - start) {
          let stop = UnsafeRawPointer(end) - UnsafeRawPointer(base)
          length += stop - start
          if length > 0, !(length == 1 && stop > 0 && base[stop - 1] == 0x0D) { lines += 1 }
          length = 0
          start = stop + 1
          if start >= count { break }
        }
        length += count - start
      }
    }
  }
}
