/// Reads the header lines of an answer as libcurl hands them over: interim answers are dropped, what follows the head
/// is trailers.
struct HeadReader {
  enum Step: Equatable {
    case more
    /// The head has just ended.
    case complete
    case tooLarge
  }

  let limit: Int
  private(set) var status = 0
  private(set) var headers = HTTPHeaders()
  private(set) var trailers = HTTPHeaders()
  private(set) var isComplete = false
  private var size = 0

  init(limit: Int) { self.limit = limit }

  /// Takes one line with its end. All lines count, also those of interim answers: a server could send them for ever.
  mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> Step {
    size += line.count
    if size > limit { return .tooLarge }
    var end = line.count
    while end > 0, line[end - 1] == 0x0A || line[end - 1] == 0x0D { end -= 1 }
    let line = UnsafeBufferPointer(rebasing: line[..<end])
    if isComplete {
      trailers.append(line: line)
    } else if line.isEmpty {
      guard status >= 200 else { return .more }
      isComplete = true
      return .complete
    } else if line.starts(with: "HTTP/".utf8) {
      headers = HTTPHeaders()
      status = Self.status(line)
    } else {
      headers.append(line: line)
    }
    return .more
  }

  private static func status(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    let digits = line.drop { $0 != 0x20 }.drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
    return digits.count == 3 ? digits.reduce(0) { $0 * 10 + Int($1) - 0x30 } : 0
  }
}
